"""The video model: text encoder and UNet, trained together on clips as the web has them. The rest of pipeline."""
import copy
import math
import time

import torch
from diffusers import DDIMScheduler, UNet3DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from autoencoder import LATENT_CHANNELS, PIXELS_PER_LATENT, encode
from formats import load_tokenizer, load_vae, save, text_config, write_model_index, write_tokenizer
from world import FRAMES, SIZE, TRAINING, World

WIDTH = 48
EMPTY_PROMPTS = 0.1


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
    for module in unet.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return torch.nn.ModuleDict({"text_encoder": text, "unet": unet})


def new_scheduler():
    return DDIMScheduler(
        num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
        set_alpha_to_one=False, steps_offset=1, prediction_type="epsilon", timestep_spacing="leading")


@torch.no_grad()
def encoded_clips(vae, seed, count):
    """Captions and latents of training clips."""
    world, captions, latents = World(TRAINING, seed), [], []
    for _ in range(count // 40):
        subjects, clips, _ = world.batch(40)
        captions += [subject.caption for subject in subjects]
        latents.append(encode(vae, clips))
    return captions, torch.cat(latents)


def timesteps(batch):
    """A quarter below 600, a quarter up to 900, half above: there alone the caption decides about motion."""
    few = batch // 4
    parts = [(0, 600, few), (600, 300, few), (900, 100, batch - 2 * few)]
    return torch.cat([low + span * (torch.arange(n) + torch.rand(n)) / n for low, span, n in parts]).long()


def loss_of(models, tokens, alphas, weigh, captions, latents):
    """The error in the noise, weighted for each timestep."""
    prompts = ["" if torch.rand(()) < EMPTY_PROMPTS else caption for caption in captions]
    embeds = models["text_encoder"](tokens(prompts)).last_hidden_state
    noise = torch.randn_like(latents) + 0.1 * torch.randn(len(latents), LATENT_CHANNELS, FRAMES, 1, 1)
    t = timesteps(len(latents))
    alpha = alphas[t].view(-1, 1, 1, 1, 1)
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    error = (models["unet"](noisy, t, encoder_hidden_states=embeds).sample - noise).pow(2).mean((1, 2, 3, 4))
    return (weigh[t] * error).mean()


def train(out, minutes, seed, batch=8, peak=2e-3, clips=1000):
    torch.manual_seed(seed)
    directory = out / "pipeline"
    models, scheduler = new_models(write_tokenizer(directory / "tokenizer")), new_scheduler()
    tokens = load_tokenizer(directory / "tokenizer")
    captions, latents = encoded_clips(load_vae(out), seed + 5, clips)
    average = copy.deepcopy(models).requires_grad_(False)
    optimizer = torch.optim.AdamW(models.parameters(), peak, betas=(0.9, 0.99), weight_decay=0)
    alphas = scheduler.alphas_cumprod.float()
    # Nearly the error of v-prediction; a plain one hardly sees the steps where place and motion are settled.
    weigh = (1 / alphas).clamp(max=150)
    weigh = weigh / weigh.mean()
    start, order, recent = time.time(), [], []
    step = 0
    while (passed := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = peak * min(passed / 0.03 + 0.02, 1) * (0.5 + 0.5 * math.cos(math.pi * passed))
        if len(order) < batch:
            order = torch.randperm(len(captions)).tolist()
        rows, order = order[:batch], order[batch:]
        loss = loss_of(models, tokens, alphas, weigh, [captions[row] for row in rows], latents[rows])
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
