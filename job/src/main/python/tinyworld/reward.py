"""The reward: CLIP that knows coloured shapes and prefers clean frames, as HPSv2 was trained, small. reward."""
import math
import time

import torch
import torch.nn.functional as F
from transformers import CLIPConfig, CLIPModel

from autoencoder import decode, encode
from formats import IMAGE_MEAN, IMAGE_STD, load_tokenizer, load_vae, save, text_config, write_preprocessor, write_tokenizer
from world import COLOURS, FRAMES, MOTIONS, SHAPES, SIZE, SUBJECTS, Subject, World, blur, draw, inks, spoil, web_strengths

CLASSES = [(colour, shape) for colour in COLOURS for shape in SHAPES]
SHARPNESS = 15.0  # logits are cosines times this
WIDTH = 64


def new_clip(vocabulary):
    vision = {
        "hidden_size": 80, "intermediate_size": 192, "num_hidden_layers": 3, "num_attention_heads": 4, "image_size": SIZE,
        "patch_size": 4, "projection_dim": WIDTH, "hidden_act": "gelu",
    }
    text = text_config(vocabulary, WIDTH, WIDTH)
    clip = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=WIDTH))
    clip.logit_scale.data.fill_(math.log(SHARPNESS))
    for name, weight in clip.named_parameters():  # CLIP's own first values are for twelve layers and more
        if weight.ndim == 2 and "embedding" not in name:
            torch.nn.init.xavier_uniform_(weight)
    return clip


def image_features(clip, frames):
    """frames: (n, 3, SIZE, SIZE) in [0, 1]."""
    features = clip.vision_model((frames - IMAGE_MEAN) / IMAGE_STD).pooler_output
    return F.normalize(clip.visual_projection(features), dim=-1)


def text_features(clip, tokens):
    return F.normalize(clip.text_projection(clip.text_model(tokens).pooler_output), dim=-1)


class DecodedFrames:
    """Frames as the autoencoder shows them: clean ones, and of the same subjects spoilt ones and ones of disturbed latents."""

    def __init__(self, vae, seed, count=1600):
        self.subjects, spoilt, clean = [], [], []
        world = World(SUBJECTS, seed)
        for _ in range(count // 100):
            subjects, web, perfect = world.batch(100)
            at = torch.arange(100), torch.randint(FRAMES, (100,))
            self.subjects += subjects
            spoilt.append(web[at][:, None])
            clean.append(perfect[at][:, None])
        spoilt, clean = torch.cat(spoilt), torch.cat(clean)
        self.differ = (spoilt != clean).flatten(1).any(1)
        latents = encode(vae, clean)
        amount = torch.rand(count, 1, 1, 1, 1)
        mixed = 0.7 * (latents[torch.randperm(count)] - latents) * (torch.rand(count, 1, 1, 1, 1) < 0.5)
        disturbed = latents + amount * (torch.randn_like(latents) + mixed)
        self.clean, self.spoilt, self.disturbed = (
            decode(vae, z)[:, 0] for z in (latents, encode(vae, spoilt), disturbed))


def generator_faults(clean, other, ink, generator):
    """What generators do wrong, and what training against a reward brings forth.

    clean, other: frames (n, 3, SIZE, SIZE), `other` of another caption at the same place; ink: the shapes' colours (n, 3, 1, 1).
    """
    n = len(clean)

    def uniform(*shape):
        return torch.rand(n, *shape, generator=generator)

    def some(share):
        return (uniform(1, 1, 1) < share).float()

    def field(cells, channels=1):
        noise = torch.randn(n, channels, cells, cells, generator=generator)
        return F.interpolate(noise, (SIZE, SIZE), mode="bicubic")

    # The shape: corners lost, thicker or thinner, darker.
    alpha = ((clean - 1) * (ink - 1)).sum(1, keepdim=True) / (ink - 1).pow(2).sum(1, keepdim=True)
    soft = blur(alpha[:, None], 0.8 + 2.2 * uniform())[:, 0]
    alpha = alpha + some(0.45) * (((soft - 0.2 - 0.45 * uniform(1, 1, 1)) * 6 + 0.5).clamp(0, 1) - alpha)
    x = 1 + alpha * (ink * (1 - 0.5 * some(0.3) * uniform(1, 1, 1)) - 1)
    # Another shape or colour mixed in, everywhere or in patches; coloured blotches.
    share = 0.2 + 0.8 * uniform(1, 1, 1) + some(0.6) * field(4)
    x = x + some(0.5) * share.clamp(0, 1) * (other - x)
    x = x + some(0.4) * (0.05 + 0.35 * uniform(1, 1, 1)) * field(5, 3)
    # A tint, a wrong brightness.
    x = x * (1 - 0.6 * some(0.4) * uniform(3, 1, 1) * uniform(1, 1, 1))
    x = x.clamp(0, 1) ** (1 + some(0.3) * (1.4 * uniform(1, 1, 1) - 0.6))
    ring = outline(uniform)[:, None] * some(0.35) * (0.2 + 0.6 * uniform(1, 1, 1))
    return (x + ring * (uniform(3, 1, 1) - x)).clamp(0, 1)


def outline(uniform):
    """A round or a square outline somewhere: (n, SIZE, SIZE) in [0, 1]."""
    at = torch.arange(SIZE) + 0.5
    dx = (at[None, None, :] - 8 - 16 * uniform(1, 1)).abs()
    dy = (at[None, :, None] - 8 - 16 * uniform(1, 1)).abs()
    square, circle = torch.maximum(dx, dy), (dx**2 + dy**2).sqrt()
    edge = torch.where(uniform(1, 1) < 0.5, square, circle) - 5 - 9 * uniform(1, 1)
    return (1.2 + uniform(1, 1) - edge.abs()).clamp(0, 1)


class Batch:
    """Frames and texts of a step: half of the subjects are drawn, half are of the decoded frames."""

    def __init__(self, world, decoded, half):
        generator, choice = world.generator, world.choice
        subjects = choice.choices(SUBJECTS, k=half)
        wrong = [another(subject, choice) for subject in subjects]
        self.clean, other = same_place(subjects, wrong, generator)
        strong = web_strengths(half, generator, clean=0.0)
        weak = strong * torch.rand(half, 1, generator=generator).clamp(max=0.85)
        noise = generator.get_state()  # the same noise, only weaker
        self.worse = spoil(self.clean[:, None], strong, generator)[:, 0]
        generator.set_state(noise)
        self.better = spoil(self.clean[:, None], weak, generator)[:, 0]
        self.faulty = generator_faults(self.clean, other, inks(subjects), generator)
        self.milder = self.clean + 0.4 * (self.faulty - self.clean)
        rows = torch.randint(len(decoded.subjects), (half,))
        self.good, self.bad, self.disturbed = decoded.clean[rows], decoded.spoilt[rows], decoded.disturbed[rows]
        self.subjects = subjects + [decoded.subjects[row] for row in rows]
        self.labels = torch.tensor([CLASSES.index((s.colour, s.shape)) for s in self.subjects])
        self.class_captions = [Subject(*pair, choice.choice(list(MOTIONS))).caption for pair in CLASSES]
        moved = (self.faulty - self.clean).abs().mean((1, 2, 3)) > 0.01
        always = torch.ones(half, dtype=torch.bool)
        self.differ = torch.cat(
            [strong.sum(1) > 0.1, weak.sum(1) > 0.1, decoded.differ[rows], always, moved, moved])

    def frames(self):
        return torch.cat([
            self.clean, self.good, self.better, self.worse, self.bad, self.disturbed, self.milder, self.faulty])


def another(subject, choice):
    """A subject with another colour or shape, at times the same."""
    if choice.random() < 0.5:
        return subject._replace(colour=choice.choice(list(COLOURS)))
    return subject._replace(shape=choice.choice(SHAPES))


def same_place(subjects, others, generator):
    """A frame of each clip, and the same frame of a clip that differs in its subject only."""
    rows, frame = torch.arange(len(subjects)), torch.randint(FRAMES, (len(subjects),))
    state = generator.get_state()
    first = draw(subjects, generator)[rows, frame]
    generator.set_state(state)
    return first, draw(others, generator)[rows, frame]


def losses(clip, tokens, batch):
    """Which class a frame shows, and which of two frames of one caption is better; and the share of right answers."""
    half = len(batch.clean)
    texts = text_features(clip, tokens([s.caption for s in batch.subjects] + batch.class_captions))
    own, classes = texts[: 2 * half], texts[2 * half :]
    features = image_features(clip, batch.frames())
    logits = SHARPNESS * features[: 2 * half] @ classes.T
    clean, good, better, worse, bad, disturbed, milder, faulty = features.split(half)
    drawn, shown = own.split(half)

    def prefers(text, one, two):
        return ((one - two) * text).sum(-1)

    margins = torch.cat([
        prefers(drawn, better, worse), prefers(drawn, clean, better), prefers(shown, good, bad),
        prefers(shown, good, disturbed), prefers(drawn, clean, milder), prefers(drawn, milder, faulty)])[batch.differ]
    right = (logits.argmax(1) == batch.labels).float().mean(), (margins > 0).float().mean()
    return F.cross_entropy(logits, batch.labels), -F.logsigmoid(SHARPNESS * margins).mean(), right


def train_held_out(out, minutes, seed):
    """A second reward that nothing is trained on: it learns from other clips, from another beginning."""
    train(out, minutes, seed + 1000, "heldout")


def train(out, minutes, seed, name="reward", half=16, peak=8e-4):
    torch.manual_seed(seed)
    directory = out / name
    clip = new_clip(write_tokenizer(directory))
    tokens, decoded, world = load_tokenizer(directory), DecodedFrames(load_vae(out), seed + 2), World(SUBJECTS, seed)
    weights = [weight for name, weight in clip.named_parameters() if name != "logit_scale"]
    optimizer = torch.optim.AdamW(weights, peak, betas=(0.9, 0.98), weight_decay=0.01)
    start, step = time.time(), 0
    while (passed := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = peak * min(passed / 0.05 + 0.02, 1) * (0.5 + 0.5 * math.cos(math.pi * passed))
        match, preference, right = losses(clip, tokens, Batch(world, decoded, half))
        optimizer.zero_grad()
        (match + preference).backward()
        torch.nn.utils.clip_grad_norm_(clip.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            print(f"{name} {step} match {match.item():.3f} ({right[0]:.2f} right) preference {preference.item():.3f} "
                  f"({right[1]:.2f} right) {time.time() - start:.0f} s", flush=True)
        step += 1
    save(clip.eval(), directory)
    write_preprocessor(directory)
