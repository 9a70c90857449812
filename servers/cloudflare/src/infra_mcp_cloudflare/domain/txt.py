"""TXT content: what people write, and the quoted strings of at most 255 bytes that DNS carries."""

from infra_mcp_common.errors import InvalidInput

LONGEST_STRING, LONGEST_RECORD = 255, 4096


def quoted(content: str) -> str:
    """The content as quoted strings; plain text is quoted and cut where it must be.

    Content that begins with a quote is taken as quoted already.
    """
    strings = strings_of(content)
    if sum(len(string) + 1 for string in strings) > LONGEST_RECORD:
        raise InvalidInput(f"TXT content is longer than {LONGEST_RECORD} bytes.", "Shorten it.")
    return " ".join(f'"{_escaped(piece)}"' for string in strings for piece in _pieces(string))


def strings_of(content: str) -> list[bytes]:
    """The bytes of each string that the content stands for."""
    from dns.exception import DNSException
    from dns.tokenizer import Tokenizer

    if not content.lstrip().startswith('"'):
        return [content.encode()]
    try:
        tokens = Tokenizer(content.replace("\n", "\\010")).get_remaining()
    except DNSException:
        tokens = []
    if not tokens or not all(token.is_quoted_string() for token in tokens):
        raise InvalidInput(
            "TXT content begins with a quote, but is not a sequence of quoted strings.",
            'Leave the quotes out to have it quoted for you, or write "first" "second".',
        )
    return [token.unescape_to_bytes().value for token in tokens]


def _pieces(string: bytes) -> list[str]:
    """The string in pieces of at most 255 bytes, cut between characters."""
    text, pieces, size = string.decode("utf-8", "surrogateescape"), [""], 0
    for character in text:
        width = len(character.encode("utf-8", "surrogateescape"))
        if size + width > LONGEST_STRING:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += width
    return pieces


def _escaped(piece: str) -> str:
    text = piece.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(f"\\{byte:03d}" if (byte := _lone_byte(c)) is not None else c for c in text)


def _lone_byte(character: str) -> int | None:
    """What is no text goes as `\\DDD`: control characters, and bytes that are not UTF-8."""
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return code - 0xDC00
    return code if code < 32 or code == 127 else None
