"""The project's DrawBench: 50 fixed prompts, 10 of them combinations that no training caption mentions."""

import json
from pathlib import Path

import numpy as np

from attributes import LENGTH, NAMES, PATTERN, TONE, WIDTH
from captions import is_held_out

# Prompt, class, attributes that it asks for.
PROMPTS = (
    ("a photo of a T-shirt", 0, {}),
    ("a photo of a pair of trousers", 1, {}),
    ("a photo of a pullover", 2, {}),
    ("a photo of a dress", 3, {}),
    ("a photo of a coat", 4, {}),
    ("a photo of a sandal", 5, {}),
    ("a photo of a shirt", 6, {}),
    ("a photo of a sneaker", 7, {}),
    ("a photo of a bag", 8, {}),
    ("a photo of an ankle boot", 9, {}),
    ("a product photo of a tee", 0, {}),
    ("some slacks", 1, {}),
    ("a picture of the sweater", 2, {}),
    ("here is a gown", 3, {}),
    ("an image of an overcoat", 4, {}),
    ("a studio photo of a pair of sandals", 5, {}),
    ("a photograph of a blouse", 6, {}),
    ("a photo of the running shoe", 7, {}),
    ("a catalogue picture of a handbag", 8, {}),
    ("a photo of a pair of boots", 9, {}),
    ("a photo of a light T-shirt", 0, {TONE: 1}),
    ("a photo of a dark patterned T-shirt with short sleeves", 0, {TONE: -1, PATTERN: 1, LENGTH: -1}),
    ("a photo of wide trousers", 1, {WIDTH: 1}),
    ("a photo of light narrow trousers", 1, {TONE: 1, WIDTH: -1}),
    ("a photo of a plain dark pullover", 2, {PATTERN: -1, TONE: -1}),
    ("a photo of a patterned wide pullover", 2, {PATTERN: 1, WIDTH: 1}),
    ("a photo of a light plain dress", 3, {TONE: 1, PATTERN: -1}),
    ("a photo of a narrow dark dress", 3, {WIDTH: -1, TONE: -1}),
    ("a photo of a dark narrow coat", 4, {TONE: -1, WIDTH: -1}),
    ("a photo of a patterned coat", 4, {PATTERN: 1}),
    ("a photo of a light wide sandal", 5, {TONE: 1, WIDTH: 1}),
    ("a photo of a narrow sandal", 5, {WIDTH: -1}),
    ("a photo of a patterned shirt with short sleeves", 6, {PATTERN: 1, LENGTH: -1}),
    ("a photo of a dark plain shirt with long sleeves", 6, {TONE: -1, PATTERN: -1, LENGTH: 1}),
    ("a photo of a dark patterned sneaker", 7, {TONE: -1, PATTERN: 1}),
    ("a photo of a light plain sneaker", 7, {TONE: 1, PATTERN: -1}),
    ("a photo of a light wide bag", 8, {TONE: 1, WIDTH: 1}),
    ("a photo of a dark narrow bag", 8, {TONE: -1, WIDTH: -1}),
    ("a photo of a light narrow ankle boot", 9, {TONE: 1, WIDTH: -1}),
    ("a photo of a dark wide ankle boot", 9, {TONE: -1, WIDTH: 1}),
    ("a photo of a plain wide T-shirt", 0, {PATTERN: -1, WIDTH: 1}),
    ("a photo of dark narrow trousers", 1, {TONE: -1, WIDTH: -1}),
    ("a photo of a patterned narrow pullover", 2, {PATTERN: 1, WIDTH: -1}),
    ("a photo of a dark patterned dress", 3, {TONE: -1, PATTERN: 1}),
    ("a photo of a light narrow coat", 4, {TONE: 1, WIDTH: -1}),
    ("a photo of a dark wide sandal", 5, {TONE: -1, WIDTH: 1}),
    ("a photo of a light shirt with short sleeves", 6, {TONE: 1, LENGTH: -1}),
    ("a photo of a light patterned sneaker", 7, {TONE: 1, PATTERN: 1}),
    ("a photo of a dark wide bag", 8, {TONE: -1, WIDTH: 1}),
    ("a photo of a light ankle boot with a long shaft", 9, {TONE: 1, LENGTH: 1}),
)


def attribute_rows() -> np.ndarray:
    """What each prompt asks for, int8 [50, 4], 0 where it does not mind."""
    rows = np.zeros((len(PROMPTS), 4), np.int8)
    for row, (_, _, asked) in zip(rows, PROMPTS):
        for attribute, value in asked.items():
            row[attribute] = value
    return rows


def unseen() -> np.ndarray:
    """Which prompts combine what training captions never combined, bool [50]."""
    return np.array([is_held_out(label, row) for (_, label, _), row in zip(PROMPTS, attribute_rows())])


def save(path: Path) -> None:
    entries = [
        {"text": text, "class": label, "unseen": bool(new),
         "attributes": {NAMES[attribute]: value for attribute, value in asked.items()}}
        for (text, label, asked), new in zip(PROMPTS, unseen())
    ]
    lines = ",\n  ".join(json.dumps(entry) for entry in entries)
    path.write_text(f'{{"prompts": [\n  {lines}\n]}}\n')
