"""Rows, masks and steps, with a tokenizer made of bytes."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from trainer.dataset import IGNORED, RowFault, encode, optimizer_steps, parse_row, read_rows
from trainer.failures import ExitCode, RunFailure

CONVERSATION = [
    {"role": "user", "content": "a"},
    {"role": "assistant", "content": "BB"},
    {"role": "user", "content": "c"},
    {"role": "assistant", "content": "DDD"},
]


class Bytes:
    """Each character is a token; a turn is `role-initial:content.`, and a prompt ends with `a:`."""

    chat_template = "without markers"

    def apply_chat_template(self, messages: list[dict[str, str]], tokenize: bool = True, **options: Any) -> Any:
        text = "".join(f"{message['role'][0]}:{message['content']}." for message in messages)
        text += "a:" if options.get("add_generation_prompt") else ""
        return {"input_ids": [ord(letter) for letter in text]} if tokenize else text

    def __call__(self, text: str, **_: Any) -> dict[str, Any]:
        return {"input_ids": [ord(letter) for letter in text], "offset_mapping": [(i, i + 1) for i in range(len(text))]}


class Marked(Bytes):
    """The same with generation markers: the template itself says which tokens are an answer."""

    chat_template = "{% generation %}"

    def apply_chat_template(self, messages: list[dict[str, str]], tokenize: bool = True, **options: Any) -> Any:
        rendered = super().apply_chat_template(messages, tokenize, **options)
        if options.get("return_assistant_tokens_mask"):
            rendered["assistant_masks"] = [int(chr(token).isupper()) for token in rendered["input_ids"]]
        return rendered


def counted(tokenizer: Any, loss: str, longest: int = 100) -> str:
    example = encode(tokenizer, CONVERSATION, loss, longest)
    return "".join("_" if label == IGNORED else chr(label) for label in example.labels)


class MaskTest(unittest.TestCase):
    def test_without_markers_an_answer_is_what_its_turn_adds(self) -> None:
        self.assertEqual(counted(Bytes(), "assistant"), "______BB.______DDD.")
        self.assertEqual(counted(Bytes(), "last-turn"), "_______________DDD.")
        self.assertEqual(counted(Bytes(), "all"), "u:a.a:BB.u:c.a:DDD.")

    def test_with_markers_the_template_decides(self) -> None:
        self.assertEqual(counted(Marked(), "assistant"), "______BB_______DDD_")
        self.assertEqual(counted(Marked(), "last-turn"), "_______________DDD_")

    def test_long_rows_are_cut_at_the_end(self) -> None:
        self.assertEqual(counted(Bytes(), "assistant", 8), "______BB")

    def test_a_row_whose_answer_is_cut_off_is_a_fault(self) -> None:
        with self.assertRaisesRegex(RowFault, "19 tokens.*first 6"):
            counted(Bytes(), "assistant", 6)

    def test_a_template_that_rewrites_earlier_turns_is_a_fault(self) -> None:
        class Rewriting(Bytes):
            def apply_chat_template(self, messages: list[dict[str, str]], tokenize: bool = True, **options: Any) -> Any:
                return super().apply_chat_template(messages[-2:], tokenize, **options)

        with self.assertRaisesRegex(RowFault, "last-turn"):
            counted(Rewriting(), "assistant")


class RowTest(unittest.TestCase):
    def test_both_formats(self) -> None:
        expected = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "r"}]
        self.assertEqual(parse_row(json.dumps({"messages": expected})), expected)
        self.assertEqual(parse_row('{"prompt": "q", "completion": "r"}'), expected)

    def test_faults(self) -> None:
        cases = {
            "nonsense": "not JSON",
            "[]": "not an object",
            "{}": "neither",
            '{"messages": [{"role": "bot", "content": "x"}]}': "role",
            '{"messages": [{"role": "user", "content": 1}]}': "not text",
            '{"messages": [{"role": "user", "content": "x"}]}': "answer of the assistant",
            '{"prompt": "q", "completion": " "}': "answer of the assistant",
        }
        for line, fault in cases.items():
            with self.subTest(line), self.assertRaisesRegex(RowFault, fault):
                parse_row(line)

    def test_a_file_names_its_first_faulty_lines_and_counts_the_rest(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "train.jsonl")
            path.write_text("x\n" * 7, encoding="utf-8")
            with self.assertRaises(RunFailure) as caught:
                read_rows(path, None)
        self.assertEqual(caught.exception.code, ExitCode.BAD_DATA)
        self.assertRegex(caught.exception.reason, "line 1 is not JSON.*line 5.*and 2 more")

    def test_another_number_of_rows_than_declared(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "train.jsonl")
            path.write_text('{"prompt": "q", "completion": "r"}\n\n', encoding="utf-8")
            self.assertEqual(len(read_rows(path, 1)), 1)
            self.assertEqual(len(read_rows(path, None)), 1)
            with self.assertRaisesRegex(RunFailure, "1 rows, 2 were declared"):
                read_rows(path, 2)


class StepsTest(unittest.TestCase):
    def test_the_last_batch_of_an_epoch_is_a_step(self) -> None:
        cases = [((130, 8, 1, 4), 68), ((130, 4, 2, 4), 68), ((128, 8, 1, 1), 16), ((1, 8, 2, 3), 3)]
        for arguments, steps in cases:
            with self.subTest(arguments):
                self.assertEqual(optimizer_steps(*arguments), steps)


if __name__ == "__main__":
    unittest.main()
