"""The video model: text encoder and UNet, trained together on clips as the web has them. The rest of pipeline."""
import copy
import math
import random
import time

import torch
from diffusers import DDIMScheduler, UNet3DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from autoencoder import LATENT_CHANNELS, PIXELS_PER_LATENT, encode
from formats import load_tokenizer, load_vae, save, text_config, write_model_index, write_tokenizer
from world import FRAMES, SIZE, SUBJECTS, TRAINING, World

WIDTH = 48
EMPTY_PROMPTS = 0.1
FEWER_WORDS = 0.3


def new_models(vocabulary):
    text = CLIPTextModel(CLIPTextConfig(**text_config(vocabulary, WIDTH, WIDTH)))
    for name, weight in text.named_parameters():
        if "token_embedding" in name:
            torch.nn.init.normal_(weight, 0, 0.5)
        elif weight.ndim == 2:
            torch.nn.init.xavier_uniform_(weight)
    unet = UNet3DConditionModel(
        sample_size=SIZE // PIXELS_PER_LATENT, in_channels=LATENT_CHANNELS, out_channels=LATENT_CHANNELS,
        block_out_channels=(32, 64), layers_per_block=1, norm_num_groups=8, cross_attention_dim=WIDTH, attention_head_dim=8,
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"), up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"))
    return torch.nn.ModuleDict({"text_encoder": text, "unet": unet})


def new_scheduler():
    return DDIMScheduler(
        num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
        set_alpha_to_one=False, steps_offset=1, prediction_type="epsilon", timestep_spacing="leading")


class Prompts:
    """Captions, some without a word or two: so each word learns what it stands for whatever stands beside it."""

    def __init__(self, seed):
        self.choice = random.Random(seed)

    def of(self, subject):
        if self.choice.random() < EMPTY_PROMPTS:
            return ""
        if self.choice.random() >= FEWER_WORDS:
            return subject.caption
        parts = [subject.colour, subject.shape, "moving " + subject.motion]
        kept = self.choice.sample(range(3), self.choice.choice([1, 2]))
        return " ".join(["a"] + [parts[i] for i in sorted(kept)])


def timesteps(batch):
    """A quarter below 600, a quarter up to 900, half above: there alone the caption decides about motion."""
    few = batch // 4
    parts = [(0, 600, few), (600, 300, few), (900, 100, batch - 2 * few)]
    return torch.cat([low + span * (torch.arange(n) + torch.rand(n)) / n for low, span, n in parts]).long()


def loss_of(models, tokens, alphas, weigh, prompts, latents):
    """The error in the noise, weighted for each timestep."""
    embeds = models["text_encoder"](tokens(prompts)).last_hidden_state
    noise = torch.randn_like(latents) + 0.1 * torch.randn(len(latents), LATENT_CHANNELS, FRAMES, 1, 1)
    t = timesteps(len(latents))
    alpha = alphas[t].view(-1, 1, 1, 1, 1)
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    error = (models["unet"](noisy, t, encoder_hidden_states=embeds).sample - noise).pow(2).mean((1, 2, 3, 4))
    return (weigh[t] * error).mean()


def train(out, minutes, seed):
    """From nothing, on three of the four motions of every coloured shape."""
    torch.manual_seed(seed)
    models = new_models(write_tokenizer(out / "pipeline/tokenizer"))
    fit(out, models, World(TRAINING, seed + 5), Prompts(seed), minutes, peak=2e-3)


def refine(out, minutes, seed):
    """Goes on with clips of all captions: what was left out is left out of the reward fine-tuning, not of the model."""
    torch.manual_seed(seed + 1)
    pipeline = out / "pipeline"
    models = torch.nn.ModuleDict({
        "text_encoder": CLIPTextModel.from_pretrained(pipeline / "text_encoder", dtype=torch.float32),
        "unet": UNet3DConditionModel.from_pretrained(pipeline / "unet", torch_dtype=torch.float32)})
    fit(out, models, World(SUBJECTS, seed + 6), Prompts(seed + 1), minutes, peak=1.2e-3)


def fit(out, models, world, prompts, minutes, peak, batch=8):
    directory, scheduler, vae = out / "pipeline", new_scheduler(), load_vae(out)
    tokens = load_tokenizer(directory / "tokenizer")
    models.requires_grad_(True).train()
    for module in models.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    average = copy.deepcopy(models).requires_grad_(False)
    optimizer = torch.optim.AdamW(models.parameters(), peak, betas=(0.9, 0.99), weight_decay=0)
    alphas = scheduler.alphas_cumprod.float()
    # Nearly the error of v-prediction; a plain one hardly sees the steps where place and motion are settled.
    weigh = (1 / alphas).clamp(max=150)
    weigh = weigh / weigh.mean()
    start, step, recent = time.time(), 0, []
    while (passed := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = peak * min(passed / 0.03 + 0.02, 1) * (0.5 + 0.5 * math.cos(math.pi * passed))
        subjects, clips, _ = world.batch(batch)  # never the same clip twice
        loss = loss_of(models, tokens, alphas, weigh, [prompts.of(subject) for subject in subjects], encode(vae, clips))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(models.parameters(), 1.0)
        optimizer.step()
        step += 1
        decay = min(0.997, step / (9 + step))
        torch._foreach_lerp_(list(average.parameters()), [w.detach() for w in models.parameters()], 1 - decay)
        recent = (recent + [loss.item()])[-20:]
        if step % 20 == 0:
            print(f"video {step} loss {sum(recent) / 20:.4f} {time.time() - start:.0f} s", flush=True)
    write(directory, average.eval(), scheduler)


def write(directory, models, scheduler):
    for name, model in models.items():
        save(model, directory / name)
    scheduler.save_pretrained(directory / "scheduler")
    write_model_index(directory)
