"""Writes the fixtures that the golden tests compare with: small models in the formats that users have, the inputs of a
training step, and what PyTorch, diffusers, transformers and open_clip compute from them (float32, CPU).

    python make_fixtures.py OUT [NAME...]      NAME: square, wide, tall, functional; without one, all

Needs torch 2.7.1, diffusers 0.42.1, transformers 5.23.0, open_clip_torch and safetensors.

OUT/functional.safetensors       NAME.input0..., NAME.seed, and NAME.output, NAME.gradient0... of each operator
OUT/cases/NAME/
  pipeline/                      a diffusers text-to-video pipeline, its tokenizer with a small vocabulary
  reward/HPS_v2.pt, config.json  an OpenCLIP checkpoint as HPSv2's authors publish it, in half precision, and its config
  reward/hf/                     the same weights as transformers' CLIPModel
  case.json                      the settings of the step
  inputs.safetensors             pixels, noise, frame_index, token ids, LoRA weights (lora.KEY)
  expected.safetensors           the tensors of the step in order of computation, grad.KEY, and adamw.KEY after AdamW
  preprocessed.safetensors       what the reward's image tower is given
  losses.json                    the losses of ten such steps one after another, all on the same sample
"""
import argparse
import gzip
import json
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

LOSSES = 10
TRAIN_STEPS = 1000
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)

# Between them: 1 and 3 timesteps with gradients, alpha = rank, above and below it, guidance 1 and above, batch 1 and 2,
# height = width, below and above it, VAE factor 4 and 8, gelu and quick_gelu, reward images larger and smaller.
CASES = {
    "square": dict(
        step=dict(lr=1e-3, seed=11, batch=2, frames=6, height=32, width=32, segments=3, lambda_tar=1.0,
                  interpolation="bicubic", guidance_scale=3.0, ddim_steps=20, starting_partial=0.25, grad_steps=1,
                  rank=4, alpha=4, image_size=28,
                  prompts=["A small dog is running on the grass.", "a red panda, surfing!  at Sunset \u2014 4k"]),
        unet=dict(block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, cross_attention_dim=16,
                  attention_head_dim=4),
        vae=dict(block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=4),
        text=dict(hidden_size=16, intermediate_size=32, hidden_act="gelu"),
        reward_text=dict(width=4, heads=2), quick_gelu=False, merges=400, half=()),
    "wide": dict(
        step=dict(lr=1e-3, seed=12, batch=1, frames=9, height=24, width=40, segments=4, lambda_tar=0.5,
                  interpolation="bilinear", guidance_scale=7.5, ddim_steps=10, starting_partial=0.4, grad_steps=2,
                  rank=2, alpha=6, image_size=28,
                  prompts=["L\u2019\ufb01n d\u2019une fe\u0302te &amp; \u201ccaf\u00e9\u201d"
                           " \U0001f469\u200d\U0001f680 \u5bcc\u58eb\u5c71!!"]),
        unet=dict(block_out_channels=(8, 8, 16), layers_per_block=2, norm_num_groups=4, cross_attention_dim=24,
                  attention_head_dim=4),
        vae=dict(block_out_channels=(8, 16, 16), layers_per_block=1, norm_num_groups=8),
        text=dict(hidden_size=24, intermediate_size=48, hidden_act="quick_gelu"),
        reward_text=dict(width=4, heads=2), quick_gelu=True, merges=900, half=("unet", "vae", "text", "reward")),
    "tall": dict(
        step=dict(lr=1e-3, seed=13, batch=1, frames=4, height=40, width=16, segments=1, lambda_tar=0.0,
                  interpolation="bicubic", guidance_scale=1.0, ddim_steps=4, starting_partial=0.75, grad_steps=3,
                  rank=3, alpha=1, image_size=56,
                  prompts=["\u0130stanbul \u039f\u03a3 Stra\u00dfe, it's 2024 & we'll see"]),
        unet=dict(block_out_channels=(8, 8), layers_per_block=1, norm_num_groups=2, cross_attention_dim=8,
                  attention_head_dim=2),
        vae=dict(block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=2),
        text=dict(hidden_size=8, intermediate_size=16, hidden_act="gelu"),
        reward_text=dict(width=3, heads=1), quick_gelu=False, merges=0, half=("unet", "vae", "reward")),
}


def write_tokenizer(out, merge_count):
    """The first merges of OpenAI's CLIP vocabulary, in the files of transformers; returns the number of tokens."""
    from open_clip.tokenizer import bytes_to_unicode, default_bpe

    merges = gzip.open(default_bpe()).read().decode("utf-8").split("\n")[1:1 + merge_count]
    tokens = list(bytes_to_unicode().values())
    tokens += [token + "</w>" for token in tokens] + ["".join(merge.split()) for merge in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    special = dict(bos_token="<|startoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>", pad_token="!")
    out.mkdir(parents=True)
    write_json(out / "vocab.json", {token: i for i, token in enumerate(tokens)}, ensure_ascii=False)
    (out / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
    write_json(out / "special_tokens_map.json", special)
    write_json(out / "tokenizer_config.json", dict(
        special, tokenizer_class="CLIPTokenizer", model_max_length=77, add_prefix_space=False, do_lower_case=True))
    return len(tokens)


def build_models(config, vocab_size):
    from diffusers import AutoencoderKL, DDIMScheduler, UNet3DConditionModel
    from open_clip.model import CLIP
    from transformers import CLIPTextConfig, CLIPTextModel

    step = config["step"]
    torch.manual_seed(step["seed"])
    levels = len(config["unet"]["block_out_channels"])
    vae_levels = len(config["vae"]["block_out_channels"])
    unet = UNet3DConditionModel(
        sample_size=step["height"] // vae_factor(config), in_channels=4, out_channels=4,
        down_block_types=("CrossAttnDownBlock3D",) * (levels - 1) + ("DownBlock3D",),
        up_block_types=("UpBlock3D",) + ("CrossAttnUpBlock3D",) * (levels - 1), **config["unet"])
    vae = AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=4, sample_size=step["height"], scaling_factor=0.18215,
        down_block_types=("DownEncoderBlock2D",) * vae_levels, up_block_types=("UpDecoderBlock2D",) * vae_levels,
        **config["vae"])
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=vocab_size, max_position_embeddings=77, num_hidden_layers=2, num_attention_heads=4,
        projection_dim=config["text"]["hidden_size"], bos_token_id=vocab_size - 2, eos_token_id=vocab_size - 1,
        pad_token_id=0, **config["text"]))
    reward = CLIP(**reward_config(config), output_dict=True)
    generator = torch.Generator().manual_seed(step["seed"] + 1)
    models = dict(unet=unet, vae=vae, text=text, reward=reward)
    for name, model in models.items():
        fill(model, generator)
        if name in config["half"] or name == "reward":  # the values that the stored halves have
            model.half().float()
        model.eval().requires_grad_(False)
    scheduler = DDIMScheduler(
        num_train_timesteps=TRAIN_STEPS, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
        clip_sample=False, set_alpha_to_one=False, steps_offset=1, prediction_type="epsilon",
        timestep_spacing="leading")
    return models, scheduler


def fill(model, generator):
    """Fresh models have output layers of zeros and biases of zeros: with these, whole branches would not be tested."""
    for parameter in model.parameters():
        if parameter.ndim > 1 and not parameter.any():
            parameter.data.normal_(0, 0.1, generator=generator)
        elif parameter.ndim == 1:
            parameter.data.add_(torch.randn(parameter.shape, generator=generator) * 0.1)


def vae_factor(config):
    return 2 ** (len(config["vae"]["block_out_channels"]) - 1)


def reward_config(config):
    """The config file of the OpenCLIP model."""
    reward = dict(
        embed_dim=12,
        vision_cfg=dict(image_size=config["step"]["image_size"], layers=2, width=20, head_width=10, patch_size=7),
        text_cfg=dict(context_length=77, vocab_size=49408, layers=2, **config["reward_text"]))
    return dict(reward, quick_gelu=True) if config["quick_gelu"] else reward


def write_pipeline(out, models, scheduler, half):
    for name, folder in (("unet", "unet"), ("vae", "vae"), ("text", "text_encoder")):
        model = models[name].half() if name in half else models[name]
        variant = "fp16" if name in half and name != "text" else None
        model.save_pretrained(out / folder, variant=variant)
        model.float()
    scheduler.save_pretrained(out / "scheduler")
    write_json(out / "model_index.json", {
        "_class_name": "TextToVideoSDPipeline", "_diffusers_version": "0.42.1",
        "unet": ["diffusers", "UNet3DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
        "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "DDIMScheduler"]})


def write_reward(out, reward, config):
    out.mkdir()
    torch.save({"epoch": 0, "state_dict": {k: v.half() for k, v in reward.state_dict().items()}}, out / "HPS_v2.pt")
    write_json(out / "config.json", reward_config(config))
    model = hugging_face(reward, config)
    check_same_features(reward, model, config["step"]["image_size"])
    (model.half() if "reward" in config["half"] else model).save_pretrained(out / "hf")


def hugging_face(reward, config):
    """transformers' CLIPModel with the weights of open_clip's CLIP."""
    from transformers import CLIPConfig, CLIPModel

    names = reward_config(config)
    vision, text, dim = names["vision_cfg"], names["text_cfg"], names["embed_dim"]
    activation = "quick_gelu" if config["quick_gelu"] else "gelu"

    def tower(width, layers, heads, **more):
        return dict(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers,
                    num_attention_heads=heads, hidden_act=activation, projection_dim=dim, **more)

    model = CLIPModel(CLIPConfig(
        projection_dim=dim,
        vision_config=tower(vision["width"], vision["layers"], vision["width"] // vision["head_width"],
                            image_size=vision["image_size"], patch_size=vision["patch_size"]),
        text_config=tower(text["width"], text["layers"], text["heads"], vocab_size=text["vocab_size"],
                          max_position_embeddings=77, bos_token_id=49406, eos_token_id=49407, pad_token_id=0)))
    source = reward.state_dict()
    target = {"logit_scale": source["logit_scale"],
              "visual_projection.weight": source["visual.proj"].T, "text_projection.weight": source["text_projection"].T,
              "vision_model.embeddings.class_embedding": source["visual.class_embedding"],
              "vision_model.embeddings.patch_embedding.weight": source["visual.conv1.weight"],
              "vision_model.embeddings.position_embedding.weight": source["visual.positional_embedding"],
              "text_model.embeddings.token_embedding.weight": source["token_embedding.weight"],
              "text_model.embeddings.position_embedding.weight": source["positional_embedding"]}
    for part in ("weight", "bias"):
        target[f"vision_model.pre_layrnorm.{part}"] = source[f"visual.ln_pre.{part}"]
        target[f"vision_model.post_layernorm.{part}"] = source[f"visual.ln_post.{part}"]
        target[f"text_model.final_layer_norm.{part}"] = source[f"ln_final.{part}"]
        for old, new in (("visual.transformer", "vision_model"), ("transformer", "text_model")):
            for i in range(2):
                a, b = f"{old}.resblocks.{i}.", f"{new}.encoder.layers.{i}."
                for letter, rows in zip("qkv", source[a + "attn.in_proj_" + part].chunk(3)):
                    target[f"{b}self_attn.{letter}_proj.{part}"] = rows
                for x, y in (("attn.out_proj", "self_attn.out_proj"), ("ln_1", "layer_norm1"),
                             ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2")):
                    target[f"{b}{y}.{part}"] = source[f"{a}{x}.{part}"]
    missing, unexpected = model.load_state_dict({k: v.contiguous() for k, v in target.items()}, strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return model.eval()


@torch.no_grad()
def check_same_features(reward, model, image_size):
    images, ids = torch.randn(2, 3, image_size, image_size), reward_tokens(["a cat", "two dogs"])
    for a, b in ((reward.encode_image(images), model.visual_projection(model.vision_model(images).pooler_output)),
                 (reward.encode_text(ids), model.text_projection(model.text_model(ids).pooler_output))):
        assert (a - b).abs().max() < 1e-4 * a.abs().max()


def reward_tokens(prompts):
    import open_clip

    return open_clip.SimpleTokenizer(context_length=77)(prompts)


def pipeline_tokens(prompts, folder):
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folder)
    return tokenizer(prompts, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids


def attach_lora(unet, rank, alpha, seed):
    """PEFT's LoRA on q, k, v and out of every attention; B is not zero, so that A has gradients from the first step."""
    generator = torch.Generator().manual_seed(seed)
    parameters = {}
    for name, module in unet.named_modules():
        if name.split(".")[-1] in ("to_q", "to_k", "to_v") or name.endswith("to_out.0"):
            a = torch.nn.Parameter(torch.randn(rank, module.in_features, generator=generator) / rank)
            b = torch.nn.Parameter(torch.randn(module.out_features, rank, generator=generator) * 0.1)
            parameters[f"unet.{name}.lora_A.weight"], parameters[f"unet.{name}.lora_B.weight"] = a, b

            def add(module, inputs, output, a=a, b=b):
                return output + F.linear(F.linear(inputs[0], a), b) * (alpha / rank)

            module.register_forward_hook(add)
    return parameters


def make_inputs(step, factor, tokenizer):
    generator = torch.Generator().manual_seed(step["seed"] + 2)
    b, f, h, w = step["batch"], step["frames"], step["height"], step["width"]
    span = f // step["segments"]
    offset = 0.1 * torch.randn(b, 4, f, 1, 1, generator=generator)
    return dict(
        pixels=torch.rand(b, 3, f, h, w, generator=generator) * 2 - 1,
        noise=torch.randn(b, 4, f, h // factor, w // factor, generator=generator) + offset,
        frame_index=torch.randint(span, (b, step["segments"]), generator=generator)
        + torch.arange(step["segments"]) * span,
        input_ids=pipeline_tokens(step["prompts"] + [""] * b, tokenizer),
        reward_ids=reward_tokens(step["prompts"]))


def preprocess(frames, size, interpolation):
    """HPSv2's transform: the longer side to size, padded with zeros to a square, normalised. frames (n, 3, H, W)."""
    h, w = frames.shape[-2:]
    scale = size / max(h, w)
    height, width = round(h * scale), round(w * scale)
    if scale != 1:
        frames = F.interpolate(frames, size=(height, width), mode=interpolation, align_corners=False, antialias=True)
    top, left = (size - height) // 2, (size - width) // 2
    frames = F.pad(frames, (left, size - width - left, top, size - height - top))
    return (frames - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)


def guided_eps(unet, x, t, embeds, guidance):
    conditional, unconditional = unet(torch.cat([x, x]), t, encoder_hidden_states=embeds).sample.chunk(2)
    return unconditional + guidance * (conditional - unconditional)


def ddim_step(alphas, x, eps, t, stride):
    a, previous = alphas[t], alphas[max(t - stride, 0)]
    x0 = (x - (1 - a).sqrt() * eps) / a.sqrt()
    return previous.sqrt() * x0 + (1 - previous).sqrt() * eps


def run_step(models, alphas, step, inputs, record):
    """The step of arXiv 2312.12490: partial chain, decoded segments, reward, attenuation; returns the loss."""
    unet, vae, text, reward = (models[name] for name in ("unet", "vae", "text", "reward"))
    b, _, f, h, w = inputs["noise"].shape
    with torch.no_grad():
        embeds = record("text_encoder.prompt_embeds", text(inputs["input_ids"]).last_hidden_state)
        images = inputs["pixels"].permute(0, 2, 1, 3, 4).flatten(0, 1)
        latents = vae.encode(images).latent_dist.mode() * vae.config.scaling_factor
        latents = record("vae.latents", latents.view(b, f, 4, h, w).permute(0, 2, 1, 3, 4))
        text_features = record("reward.text_features", F.normalize(reward.encode_text(inputs["reward_ids"]), dim=-1))
    stride = TRAIN_STEPS // step["ddim_steps"]
    timesteps = [1 + i * stride for i in reversed(range(int(step["ddim_steps"] * step["starting_partial"])))]
    record("ddim.timesteps", torch.tensor(timesteps))
    a = alphas[timesteps[0]]
    x = record("ddim.noised", a.sqrt() * latents + (1 - a).sqrt() * inputs["noise"])
    chain = []
    for i, t in enumerate(timesteps):
        with torch.set_grad_enabled(i >= len(timesteps) - step["grad_steps"]):
            eps = guided_eps(unet, x, t, embeds, step["guidance_scale"])
            if i == 0:
                record("unet.eps_first", eps)
            x = ddim_step(alphas, x, eps, t, stride)
            chain.append(x.detach())
    record("ddim.chain", torch.stack(chain))
    index = inputs["frame_index"]
    chosen = torch.stack([x[i][:, index[i]] for i in range(b)]).permute(0, 2, 1, 3, 4).flatten(0, 1)
    frames = (vae.decode(chosen / vae.config.scaling_factor).sample * 0.5 + 0.5).clamp(0, 1)
    record("vae.frames", frames.unflatten(0, index.shape))
    images = preprocess(frames, step["image_size"], step["interpolation"])
    record("reward.preprocessed", images.unflatten(0, index.shape))
    features = F.normalize(reward.encode_image(images), dim=-1).unflatten(0, index.shape)
    record("reward.image_features", features)
    cosine = record("reward.cosine", (features * text_features[:, None]).sum(-1))
    tar = record("reward.tar", torch.exp(-(index - f // 2).abs() * step["lambda_tar"]))
    score = record("reward.score", (tar * cosine).mean(1))
    return record("loss", (1 - score).mean())


def make_case(name, out):
    config = CASES[name]
    step = config["step"]
    vocab_size = write_tokenizer(out / "pipeline/tokenizer", config["merges"])
    models, scheduler = build_models(config, vocab_size)
    write_pipeline(out / "pipeline", models, scheduler, config["half"])
    write_reward(out / "reward", models["reward"], config)
    inputs = make_inputs(step, vae_factor(config), out / "pipeline/tokenizer")
    lora = attach_lora(models["unet"], step["rank"], step["alpha"], step["seed"] + 3)
    before = {"lora." + key: weight.detach().clone() for key, weight in lora.items()}
    expected = {"tokenizer.input_ids": inputs["input_ids"], "tokenizer.reward_ids": inputs["reward_ids"]}

    def record(key, tensor):
        expected.setdefault(key, tensor.detach().clone().contiguous())  # of the first step alone
        return tensor

    optimizer = torch.optim.AdamW(lora.values(), lr=step["lr"], betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
    losses = []
    for _ in range(LOSSES):
        loss = run_step(models, scheduler.alphas_cumprod.float(), step, inputs, record)
        losses.append(loss.item())
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        for key, weight in lora.items():
            record("grad." + key, weight.grad if weight.grad is not None else torch.zeros_like(weight))
        optimizer.step()
        for key, weight in lora.items():
            record("adamw." + key, weight)
    save_file({"reward.preprocessed": expected.pop("reward.preprocessed")}, out / "preprocessed.safetensors")
    save_file({**inputs, **before}, out / "inputs.safetensors")
    save_file(expected, out / "expected.safetensors")
    write_json(out / "losses.json", losses)
    write_json(out / "case.json", dict(step, torch=torch.__version__), indent=1)
    print(f"{name}: losses {losses[0]:.6f} to {losses[-1]:.6f}, {len(lora)} LoRA tensors")


def operators():
    """The operators of FunctionalGoldenTest: name, function, shapes of the inputs, what normal numbers are multiplied by."""
    ids = torch.tensor([[1, 0], [1, 4]])

    def attention(q, k, v, **options):
        return F.scaled_dot_product_attention(q, k, v, **options)

    def resize(mode, size):
        return lambda x: F.interpolate(x, size=size, mode=mode, align_corners=False, antialias=True)

    images = [(2, 3, 6, 10)]
    return [
        ("silu", F.silu, [(4, 5)], 3),
        ("gelu", F.gelu, [(4, 5)], 3),
        ("quick_gelu", lambda x: x * torch.sigmoid(1.702 * x), [(4, 5)], 3),
        ("linear", F.linear, [(2, 3, 4), (5, 4)], 1),
        ("linear_bias", F.linear, [(2, 3, 4), (5, 4), (5,)], 1),
        ("conv2d", lambda x, w, b: F.conv2d(x, w, b, 1, 1), [(2, 3, 6, 5), (4, 3, 3, 3), (4,)], 1),
        ("conv2d_stride", lambda x, w, b: F.conv2d(x, w, b, 2, 0), [(2, 3, 7, 5), (4, 3, 3, 3), (4,)], 1),
        ("conv2d_no_bias", lambda x, w: F.conv2d(x, w, stride=3), [(2, 3, 6, 9), (4, 3, 3, 3)], 1),
        ("conv_temporal", lambda x, w, b: F.conv3d(x, w, b, padding=(1, 0, 0)),
         [(2, 3, 4, 2, 3), (5, 3, 3, 1, 1), (5,)], 1),
        ("group_norm", lambda x, w, b: F.group_norm(x, 2, w, b, 1e-6), [(3, 4, 5, 2), (4,), (4,)], 1),
        ("layer_norm", lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b, 1e-5), [(3, 4, 6), (6,), (6,)], 1),
        ("scaled_dot_product_attention", attention, [(2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 4)], 1),
        ("causal_attention", lambda q, k, v: attention(q, k, v, is_causal=True), [(2, 3, 5, 4)] * 3, 1),
        ("upsample_nearest", lambda x: F.interpolate(x, scale_factor=2.0, mode="nearest"), [(2, 3, 4, 3)], 1),
        ("upsample_nearest_to", lambda x: F.interpolate(x, size=(7, 5), mode="nearest"), [(2, 3, 4, 3)], 1),
        ("normalize", lambda x: F.normalize(x, dim=-1), [(3, 5)], 1),
        ("pad", lambda x: F.pad(x, (1, 2, 3, 0)), [(2, 3, 4, 3)], 1),
        ("scale", lambda x: x * 0.18215, [(3, 4)], 1),
        ("divide", lambda x: x / 0.18215, [(3, 4)], 1),
        ("to_unit_range", lambda x: (x * 0.5 + 0.5).clamp(0, 1), [(6, 5)], 2),
        ("embedding", lambda table: F.embedding(ids, table), [(5, 3)], 1),
        ("resize_bicubic_smaller", resize("bicubic", (4, 7)), images, 1),
        ("resize_bicubic_larger", resize("bicubic", (9, 15)), images, 1),
        ("resize_bilinear_smaller", resize("bilinear", (4, 7)), images, 1),
        ("resize_bilinear_larger", resize("bilinear", (9, 15)), images, 1),
    ]


def make_functional(file):
    generator = torch.Generator().manual_seed(0)
    tensors = {}
    for name, function, shapes, factor in operators():
        inputs = [(torch.randn(shape, generator=generator) * factor).requires_grad_() for shape in shapes]
        output = function(*inputs)
        seed = torch.randn(output.shape, generator=generator)
        output.backward(seed)
        tensors |= {f"{name}.output": output.detach(), f"{name}.seed": seed}
        for i, tensor in enumerate(inputs):
            tensors |= {f"{name}.input{i}": tensor.detach(), f"{name}.gradient{i}": tensor.grad}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file)
    print(f"functional: {len(operators())} operators")


def write_json(file, value, **options):
    file.write_text(json.dumps(value, **options), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*CASES, "functional"]))
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # small models: threads would only wait for one another
    names = arguments.names or [*CASES, "functional"]
    unknown = set(names) - {*CASES, "functional"}
    if unknown:
        parser.error(f"no fixtures named {sorted(unknown)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name == "functional":
            make_functional(arguments.out / "functional.safetensors")
        else:
            make_case(name, arguments.out / "cases" / name)


if __name__ == "__main__":
    main()
