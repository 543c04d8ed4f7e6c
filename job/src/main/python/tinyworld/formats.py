"""The files: what Hugging Face's diffusers and transformers read, weights in half precision."""
import collections
import copy
import json

import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from world import SIZE, WORDS

TOKENS = 77
SCALING_FACTOR = 0.18215
IMAGE_MEAN = torch.tensor((0.48145466, 0.4578275, 0.40821073)).view(3, 1, 1)
IMAGE_STD = torch.tensor((0.26862954, 0.26130258, 0.27577711)).view(3, 1, 1)
SPECIAL = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": "!"}


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False))


def save(model, directory):
    """Weights and config.json; in half precision on disk, in single precision in memory."""
    copy.deepcopy(model).half().save_pretrained(directory)


def merges_of(words):
    """Byte pair encoding until every word is one token."""
    parts = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    merges = []
    while any(len(tokens) > 1 for tokens in parts.values()):
        pairs = collections.Counter(pair for tokens in parts.values() for pair in zip(tokens, tokens[1:]))
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        parts = {word: merge(tokens, best) for word, tokens in parts.items()}
    return merges


def merge(tokens, pair):
    result = []
    for token in tokens:
        if result and (result[-1], token) == pair:
            result[-1] += token
        else:
            result.append(token)
    return result


def write_tokenizer(directory):
    """CLIP's tokenizer with a token for each byte, each byte at a word's end and each word of the world; returns their number."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = [chr(byte) for byte in visible] + [chr(256 + i) for i in range(256 - len(visible))]
    merges = merges_of(WORDS)
    tokens = alphabet + [letter + "</w>" for letter in alphabet] + ["".join(pair) for pair in merges]
    tokens += [SPECIAL["bos_token"], SPECIAL["eos_token"]]
    directory.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: i for i, token in enumerate(tokens)}
    (directory / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
    (directory / "merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(pair) + "\n" for pair in merges))
    (directory / "special_tokens_map.json").write_text(json.dumps(SPECIAL))
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": TOKENS, "add_prefix_space": False, "do_lower_case": True}
    (directory / "tokenizer_config.json").write_text(json.dumps(config | SPECIAL))
    return len(tokens)


def text_config(vocabulary, width, projection):
    """The arguments of CLIPTextConfig."""
    return {
        "vocab_size": vocabulary, "hidden_size": width, "intermediate_size": 2 * width, "num_hidden_layers": 2,
        "num_attention_heads": 4, "max_position_embeddings": TOKENS, "projection_dim": projection, "hidden_act": "gelu",
        "bos_token_id": vocabulary - 2, "eos_token_id": vocabulary - 1, "pad_token_id": 0,
    }


def load_tokenizer(directory):
    """A function from texts to token numbers, (n, TOKENS)."""
    tokenizer = CLIPTokenizer.from_pretrained(directory)

    def tokens(texts):
        return tokenizer(texts, padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt").input_ids

    return tokens


def load_vae(out):
    vae = AutoencoderKL.from_pretrained(out / "pipeline/vae", torch_dtype=torch.float32)
    return vae.eval().requires_grad_(False)


def write_preprocessor(directory):
    square = {"height": SIZE, "width": SIZE}
    write_json(directory / "preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": SIZE}, "resample": 3,
        "do_center_crop": True, "crop_size": square, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
        "do_convert_rgb": True, "image_mean": IMAGE_MEAN.flatten().tolist(), "image_std": IMAGE_STD.flatten().tolist(),
    })


def write_model_index(directory):
    write_json(directory / "model_index.json", {
        "_class_name": "TextToVideoSDPipeline", "_diffusers_version": "0.42.0", "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet3DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
    })
