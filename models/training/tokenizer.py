"""Words to numbers: lower-cased, split on anything that is not a letter, a digit or an apostrophe."""

import json
import re
from pathlib import Path

import numpy as np

PAD, UNKNOWN = 0, 1
MAX_TOKENS = 24
_WORD = re.compile(r"[a-z0-9']+")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class Tokenizer:
    def __init__(self, vocabulary: dict[str, int]):
        self.vocabulary = vocabulary

    @property
    def size(self) -> int:
        """Numbers in use, PAD and UNKNOWN included."""
        return len(self.vocabulary) + 2

    @staticmethod
    def of(texts) -> "Tokenizer":
        """A tokenizer that knows the words of these texts."""
        known = sorted({word for text in texts for word in words(text)})
        return Tokenizer({word: i + 2 for i, word in enumerate(known)})

    def encode(self, texts) -> np.ndarray:
        """Texts -> int64 [N, MAX_TOKENS], filled up with PAD."""
        tokens = np.full((len(texts), MAX_TOKENS), PAD, np.int64)
        for row, text in zip(tokens, texts):
            ids = [self.vocabulary.get(word, UNKNOWN) for word in words(text)][:MAX_TOKENS]
            row[:len(ids)] = ids
        return tokens

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({
            "type": "word", "lowercase": True, "max_tokens": MAX_TOKENS, "pad_id": PAD, "unknown_id": UNKNOWN,
            "vocabulary": self.vocabulary,
        }, indent=1) + "\n")
