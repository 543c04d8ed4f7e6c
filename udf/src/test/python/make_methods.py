"""Writes what PyTorch and diffusers compute of the other ways to train (DRaFT, RWR, DDPO), for the models of the case tall.

    python make_methods.py CASES OUT      CASES: the folder cases/ that make_fixtures.py wrote; OUT: methods/ beside it

Needs what make_fixtures.py needs. The round's noise, frames and timesteps are drawn as CounterRandom draws them.

OUT/methods.json            the settings
OUT/methods.safetensors     prompt_embeds of the samples and the negative prompt, text_features; of each METHOD
  draft.loss, draft.rewards; draft.grad.KEY
  rwr.latents, rwr.rewards, rwr.weights: of the samples that the round begins with; rwr.loss, rwr.grad.KEY of a step with
                            other weights
  ddpo.latents, ddpo.rewards, ddpo.log_probs, ddpo.advantages; ddpo.on.loss and ddpo.on.grad.KEY with the weights that
                            drew the trajectories; ddpo.off.loss, .clip_fraction, .approx_kl and .grad.KEY with others
"""
import hashlib
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from make_fixtures import attach_lora, guided_eps, pipeline_tokens, preprocess, reward_tokens, write_json

CASE = "tall"
SETTINGS = dict(
    seed=5, round=3, prompts=["a dog", "two birds at sunset", "rain"], ids=["a", "b", "c"], epochs=[0, 0, 1], frames=4,
    segments=2, lambda_tar=0.5, guidance_scale=3.0, ddim_steps=4, grad_steps=2, beta=0.02, eta=1.0, clip_range=1e-3,
    advantage_clip=1.2, other_weights=1.3)


class CounterRandom:
    """Philox 4x32-10, keyed as random.CounterRandom is; one block of four numbers after the other."""

    def __init__(self, index, purpose):
        s = SETTINGS
        key = f"{s['seed']}|{s['round']}|{s['epochs'][index]}|{purpose}|{s['ids'][index]}"
        self.words = np.frombuffer(hashlib.sha256(key.encode()).digest()[:16], "<u4").astype(np.uint64)
        self.used = 0

    def blocks(self, count):
        mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
        c0 = np.arange(self.used, self.used + count, dtype=np.uint64)
        c1, c2, c3 = (np.full(count, x, np.uint64) for x in (0, self.words[2], self.words[3]))
        k0, k1 = int(self.words[0]), int(self.words[1])
        self.used += count
        for _ in range(10):
            p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
            c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ np.uint64(k0), p1 & mask, (p0 >> shift) ^ c3 ^ np.uint64(k1), p0 & mask
            k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
        return np.stack([c0, c1, c2, c3], 1)

    def gaussians(self, shape):
        b = self.blocks((math.prod(shape) + 1) // 2)
        u, v = ((((b[:, i] >> np.uint64(5)) << np.uint64(26)) | (b[:, i + 1] >> np.uint64(6))) for i in (0, 2))
        radius, angle = np.sqrt(-2 * np.log((u + 0.5) * 2.0 ** -53)), 2 * np.pi * ((v + 0.5) * 2.0 ** -53)
        values = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)[:math.prod(shape)]
        return torch.from_numpy(values.astype(np.float32)).view(shape)

    def integers(self, count, bound):
        """Without the rejection of Lemire's method, which for a bound this small all but never happens."""
        words = self.blocks((count + 3) // 4).reshape(-1)[:count]
        return [int(word) * bound >> 32 for word in words]


def load_models(case):
    from diffusers import AutoencoderKL, DDIMScheduler, UNet3DConditionModel
    from open_clip.model import CLIP
    from transformers import CLIPTextModel

    pipeline = case / "pipeline"
    unet = UNet3DConditionModel.from_pretrained(pipeline / "unet", variant="fp16", torch_dtype=torch.float32)
    vae = AutoencoderKL.from_pretrained(pipeline / "vae", variant="fp16", torch_dtype=torch.float32)
    text = CLIPTextModel.from_pretrained(pipeline / "text_encoder")
    reward = CLIP(**json.loads((case / "reward/config.json").read_text()), output_dict=True)
    reward.load_state_dict(torch.load(case / "reward/HPS_v2.pt")["state_dict"])
    models = dict(unet=unet, vae=vae, text=text, reward=reward.float())
    for model in models.values():
        model.eval().requires_grad_(False)
    scheduler = DDIMScheduler.from_pretrained(pipeline / "scheduler")
    scheduler.set_timesteps(SETTINGS["ddim_steps"])
    return models, scheduler


class Round:
    """What the methods share: models, samples and their draws."""

    def __init__(self, case):
        self.models, self.scheduler = load_models(case)
        step = json.loads((case / "case.json").read_text())
        self.image_size, self.interpolation = step["image_size"], step["interpolation"]
        inputs = load_file(case / "inputs.safetensors")
        self.lora = attach_lora(self.models["unet"], step["rank"], step["alpha"], 0)
        self.before = {key: inputs["lora." + key] for key in self.lora}
        _, channels, _, h, w = inputs["noise"].shape
        self.shape = (channels, SETTINGS["frames"], h, w)
        self.count = len(SETTINGS["ids"])
        with torch.no_grad():
            ids = pipeline_tokens(SETTINGS["prompts"] + [""], case / "pipeline/tokenizer")
            self.embeds = self.models["text"](ids).last_hidden_state
            features = self.models["reward"].encode_text(reward_tokens(SETTINGS["prompts"]))
            self.text_features = F.normalize(features, dim=-1)
        self.indices = torch.tensor([self.frame_indices(i) for i in range(self.count)])

    def frame_indices(self, i):
        span = SETTINGS["frames"] // SETTINGS["segments"]
        draws = CounterRandom(i, "frame-indices").integers(SETTINGS["segments"], span)
        return [segment * span + draw for segment, draw in enumerate(draws)]

    def set_weights(self, factor):
        for key, weight in self.lora.items():
            weight.data.copy_(self.before[key] * (factor if "lora_B" in key else 1))
            weight.grad = None

    def gradients(self, prefix):
        return {f"{prefix}.grad.{key}": torch.zeros_like(weight) if weight.grad is None else weight.grad.clone()
                for key, weight in self.lora.items()}

    def noise(self, purpose):
        return torch.stack([CounterRandom(i, purpose).gaussians(self.shape) for i in range(self.count)])

    def guided(self, x, t, rows):
        embeds = torch.cat([self.embeds[rows], self.embeds[-1:].expand(len(rows), -1, -1)])
        return guided_eps(self.models["unet"], x, t, embeds, SETTINGS["guidance_scale"])

    def cosines(self, latents):
        chosen = torch.stack([x[:, index] for x, index in zip(latents, self.indices)]).permute(0, 2, 1, 3, 4)
        vae = self.models["vae"]
        frames = vae.decode(chosen.flatten(0, 1) / vae.config.scaling_factor).sample
        images = preprocess((frames * 0.5 + 0.5).clamp(0, 1), self.image_size, self.interpolation)
        features = F.normalize(self.models["reward"].encode_image(images), dim=-1).unflatten(0, self.indices.shape)
        return (features * self.text_features[:, None]).sum(-1)

    def all_rows(self):
        return list(range(self.count))


def draft(r):
    r.set_weights(1)
    x = r.noise("initial-noise")
    for i, t in enumerate(r.scheduler.timesteps):
        with torch.set_grad_enabled(i >= SETTINGS["ddim_steps"] - SETTINGS["grad_steps"]):
            x = r.scheduler.step(r.guided(x, t, r.all_rows()), t, x).prev_sample
    cosines = r.cosines(x)
    tar = torch.exp(-(r.indices - SETTINGS["frames"] // 2).abs() * SETTINGS["lambda_tar"])
    loss = (1 - (tar * cosines).mean(1)).mean()
    loss.backward()
    return {"draft.loss": loss.detach(), "draft.rewards": cosines.mean(1).detach(), **r.gradients("draft")}


def rwr(r):
    r.set_weights(1)
    with torch.no_grad():
        x = r.noise("initial-noise")
        for t in r.scheduler.timesteps:
            x = r.scheduler.step(r.guided(x, t, r.all_rows()), t, x).prev_sample
        rewards = r.cosines(x).mean(1)
    weights = torch.softmax(rewards / SETTINGS["beta"], 0) * r.count
    r.set_weights(SETTINGS["other_weights"])
    timesteps = torch.tensor([CounterRandom(i, "timestep").integers(1, 1000)[0] for i in r.all_rows()])
    noise = r.noise("noise")
    noised = r.scheduler.add_noise(x, noise, timesteps)
    eps = r.models["unet"](noised, timesteps, encoder_hidden_states=r.embeds[:-1]).sample
    loss = (weights * (eps - noise).square().mean((1, 2, 3, 4))).mean()
    loss.backward()
    print("rwr: rewards", rewards.tolist(), "weights", weights.tolist(), "timesteps", timesteps.tolist())
    return {"rwr.latents": x, "rwr.rewards": rewards, "rwr.weights": weights, "rwr.loss": loss.detach(),
            **r.gradients("rwr")}


def log_prob(r, eps, t, x, next_x):
    """Of ddpo_pytorch/diffusers_patch/ddim_with_logprob.py, with diffusers' own mean and variance."""
    none = torch.zeros_like(x)
    mean = r.scheduler.step(eps, t, x, eta=SETTINGS["eta"], variance_noise=none).prev_sample
    previous = t - 1000 // SETTINGS["ddim_steps"]
    std = SETTINGS["eta"] * r.scheduler._get_variance(t, previous) ** 0.5
    log_probs = -((next_x - mean) ** 2) / (2 * std ** 2) - torch.log(std) - math.log(math.sqrt(2 * math.pi))
    return log_probs.mean(dim=(1, 2, 3, 4))


def ddpo(r):
    r.set_weights(1)
    generators = [CounterRandom(i, "step-noise") for i in r.all_rows()]
    steps = []
    with torch.no_grad():
        x = r.noise("initial-noise")
        for t in r.scheduler.timesteps:
            noise = torch.stack([generator.gaussians(r.shape) for generator in generators])
            eps = r.guided(x, t, r.all_rows())
            next_x = r.scheduler.step(eps, t, x, eta=SETTINGS["eta"], variance_noise=noise).prev_sample
            steps.append((t, x, next_x, log_prob(r, eps, t, x, next_x)))
            x = next_x
        rewards = r.cosines(x).mean(1)
    limit, clip = SETTINGS["advantage_clip"], SETTINGS["clip_range"]
    advantages = ((rewards - rewards.mean()) / (rewards.std(unbiased=False) + 1e-8)).clamp(-limit, limit)
    found = {"ddpo.latents": x, "ddpo.rewards": rewards, "ddpo.advantages": advantages,
             "ddpo.log_probs": torch.stack([step[3] for step in steps], 1)}
    for name, factor in (("on", 1), ("off", SETTINGS["other_weights"])):
        r.set_weights(factor)
        losses, log_ratios = [], []
        for t, x, next_x, old in steps:
            log_ratio = log_prob(r, r.guided(x, t, r.all_rows()), t, x, next_x) - old
            ratio = log_ratio.exp()
            losses.append(torch.maximum(-advantages * ratio, -advantages * ratio.clamp(1 - clip, 1 + clip)))
            log_ratios.append(log_ratio.detach())
        loss = torch.stack(losses).mean()
        loss.backward()
        log_ratios = torch.stack(log_ratios, 1)
        outside = (log_ratios.exp() - 1).abs() > clip
        found |= {f"ddpo.{name}.loss": loss.detach(), **r.gradients(f"ddpo.{name}")}
    margin = ((log_ratios.exp() - 1).abs() - clip).abs().min() / clip
    held = outside & (log_ratios.sign() == advantages.sign()[:, None])
    print("ddpo: advantages", advantages.tolist(), "log ratios", log_ratios, "held", held, "margin", margin.item())
    assert margin > 0.05 and 0 < held.sum() < outside.sum() < outside.numel()
    return found | {"ddpo.off.clip_fraction": outside.float().mean(), "ddpo.off.approx_kl": log_ratios.square().mean() / 2}


def main():
    cases, out = map(pathlib.Path, sys.argv[1:])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    r = Round(cases / CASE)
    tensors = {"prompt_embeds": r.embeds, "text_features": r.text_features, **draft(r), **rwr(r), **ddpo(r)}
    out.mkdir(parents=True, exist_ok=True)
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, out / "methods.safetensors")
    write_json(out / "methods.json", SETTINGS, indent=1)


if __name__ == "__main__":
    main()
