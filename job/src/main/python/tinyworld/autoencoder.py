"""The autoencoder: frames to latents of a quarter of their size, and back. pipeline/vae."""
import time

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from formats import SCALING_FACTOR, save
from world import FRAMES, SIZE, SUBJECTS, World

PIXELS_PER_LATENT = 4
LATENT_CHANNELS = 4


def new_vae():
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=LATENT_CHANNELS, sample_size=SIZE, scaling_factor=SCALING_FACTOR,
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(16, 32, 64), layers_per_block=1, norm_num_groups=8)


def train(out, minutes, seed, batch=24, peak=2e-3, steps_for_all=2000):
    """Trains for 2000 steps, or as many as the minutes allow."""
    torch.manual_seed(seed)
    vae, world, start = new_vae(), World(SUBJECTS, seed, clean=0.35), time.time()
    optimizer = torch.optim.AdamW(vae.parameters(), peak, betas=(0.9, 0.99), weight_decay=0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total_steps=steps_for_all + 1, pct_start=0.1)
    for step in range(steps_for_all):
        if time.time() - start > 60 * minutes:
            break
        _, clips, _ = world.batch(batch // 2)
        frames = clips[:, torch.randperm(FRAMES)[:2]].flatten(0, 1) * 2 - 1
        loss, error = losses(vae, frames)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 20 == 0:
            psnr = -10 * (error / 4).log10().item()
            print(f"autoencoder {step} loss {loss.item():.4f} psnr {psnr:.1f} dB {time.time() - start:.0f} s", flush=True)
    vae.eval().requires_grad_(False)
    whiten(vae, seed + 1)
    save(vae, out / "pipeline/vae")


def losses(vae, frames):
    """The loss, and the mean squared error alone."""
    latents = vae.encode(frames).latent_dist
    decoded = vae.decode(latents.sample()).sample
    error = (decoded - frames).pow(2).mean()
    divergence = 0.5 * (latents.mean**2 + latents.var - 1 - latents.logvar).mean()
    # Three of the channels are to hold the picture made small: so colours are learnt at once.
    small = (latents.mean[:, :3] - F.avg_pool2d(frames, PIXELS_PER_LATENT)).pow(2).mean()
    return (decoded - frames).abs().mean() + error + 3e-5 * divergence + small, error.detach()


@torch.no_grad()
def whiten(vae, seed):
    """Gives every channel of the scaled latents mean 0 and variance 1, by the convolutions next to them.

    Samples start from noise of mean 0: with another mean they come out grey. A video model must be trained after this.
    """
    _, clips, _ = World(SUBJECTS, seed).batch(64)
    frames = clips[:, ::3].flatten(0, 1) * 2 - 1
    latents = vae.encode(frames).latent_dist.mean
    mean = latents.mean((0, 2, 3))
    gain = 1 / (SCALING_FACTOR * latents.std((0, 2, 3)))
    weight, bias = vae.quant_conv.weight, vae.quant_conv.bias  # of the means, then of the logarithms of the variances
    weight[:LATENT_CHANNELS] *= gain.view(-1, 1, 1, 1)
    bias[:LATENT_CHANNELS] = (bias[:LATENT_CHANNELS] - mean) * gain
    bias[LATENT_CHANNELS:] += 2 * gain.log()
    weight, bias = vae.post_quant_conv.weight, vae.post_quant_conv.bias
    bias += weight[:, :, 0, 0] @ mean
    weight /= gain.view(1, -1, 1, 1)
    scaled = vae.encode(frames).latent_dist.mean * SCALING_FACTOR
    print(f"latents: mean {scaled.mean().item():.4f}, standard deviation {scaled.std().item():.4f}", flush=True)


@torch.no_grad()
def encode(vae, clips, chunk=64):
    """Clips to scaled latents: (n, LATENT_CHANNELS, frames, SIZE / 4, SIZE / 4)."""
    frames = clips.flatten(0, 1) * 2 - 1
    latents = torch.cat([vae.encode(part).latent_dist.mean for part in frames.split(chunk)]) * SCALING_FACTOR
    return latents.unflatten(0, clips.shape[:2]).transpose(1, 2).contiguous()


@torch.no_grad()
def decode(vae, latents, chunk=64):
    """Scaled latents to clips in [0, 1]."""
    frames = latents.transpose(1, 2).flatten(0, 1) / SCALING_FACTOR
    pixels = torch.cat([vae.decode(part).sample for part in frames.split(chunk)]) * 0.5 + 0.5
    return pixels.clamp(0, 1).unflatten(0, (latents.shape[0], latents.shape[2]))
