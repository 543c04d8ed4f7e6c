"""Computes the ids of the prompts of a prompts.jsonl again, and writes the file again.

    python make_prompts.py PROMPTS.jsonl VOCABULARY

Needs transformers 5.23.0, open_clip_torch and ftfy. Each line has a "text" (the only key that is read: to add a prompt, add
a line with its text), "pipeline", the ids by transformers' CLIPTokenizer with OpenAI's vocabulary and "!" as padding, and
"reward", those by open_clip's tokenizer; both without the zeros at their end. The vocabulary is written to VOCABULARY, a
folder that does not exist.
"""
import json
import pathlib
import sys

from make_fixtures import pipeline_tokens, reward_tokens, write_tokenizer

MERGES = 49152 - 256 - 2


def without_padding(ids):
    ids = ids.tolist()
    while ids[-1] == 0:
        ids.pop()
    return ids


def main():
    file, vocabulary = map(pathlib.Path, sys.argv[1:])
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    write_tokenizer(vocabulary, MERGES)
    rows = zip(texts, pipeline_tokens(texts, vocabulary), reward_tokens(texts))
    lines = [json.dumps(dict(text=text, pipeline=without_padding(pipeline), reward=without_padding(reward)))
             for text, pipeline, reward in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
