"""Texts whose token ids the goldens hold: what pre-tokenizers and normalizers are known to differ in."""

STRINGS = [
    "Hello, world!",
    " leading space",
    "trailing space ",
    "two  spaces   three    four",
    "tab\tand\ttabs\t\tdouble",
    "It's what you're saying; I'd've thought WE'LL see, they'Re",
    "1234567890 3.14 12,345 2024-11-21 x1y22z333",
    "Grüße aus Köln, façade, naïve, ÉCOLE",
    "Привет, мир! Как дела?",
    "今日は天気がいいですね。東京",
    "مرحبا بالعالم",
    "emoji 😀👍🏽 family 👨‍👩‍👧",
    "def f(x):\n    return x * 2\n\n\nprint(f(3))",
    "a\r\nb\n\n c\n  d",
    "https://example.org/a?b=c&d=%20#frag",
    "<b>not special</b> [INST]",
    "!!!??? ... --- *** ((()))",
    "ﬁne ﬀ ① Ⅷ ｆｕｌｌ",
    "\u00a0nbsp\u2003em\u200bzero",
    "$100 + €50 = £x ≤ ¥∞",
    "▁metaspace ▁▁ runs",
    "ThisIsCamelCase and_snake_case and-kebab-case",
    "café cafe\u0301",
    "\t\n ",
    " ",
    "the rain in the mountains fills the lakes",
]

# Texts with tokens that the vocabulary defines beside its pieces.
MARKED = [
    "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n",
    "a<|im_end|> b <|im_end|>c",
]
