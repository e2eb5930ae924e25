"""What the reader refuses, in both languages."""

from fairway.engine.findings import DocumentRefused, Finding, Path, say

MAX_FINDINGS = 100  # a person mends a few at a time; the rest would only cost memory

_MESSAGES = {
    "too-large": ("The document is larger than {limit} bytes.", "文档超过 {limit} 字节。"),
    "encoding": ("The document is not plain UTF-8: save it as UTF-8 without a byte-order mark.",
                 "文档不是标准的 UTF-8 编码，请另存为不带 BOM 的 UTF-8。"),
    "character": ("The character {character} is not allowed here.", "此处不允许使用字符 {character}。"),
    "empty": ("The document is empty.", "文档为空。"),
    "not-a-mapping": ("The document must be a mapping of keys to values.", "文档的最外层必须是“键: 值”的形式。"),
    "many-documents": ("One file holds one document: remove the second one.", "一个文件只能有一份文档，请删除第二份。"),
    "directive": ("Directives (lines that start with %) are not allowed.", "不允许使用 % 开头的指令行。"),
    "anchor": ("Anchors (&) are not allowed: write the value out.", "不允许使用锚点（&），请直接写出内容。"),
    "alias": ("Aliases (*) are not allowed: write the value out. Text that starts with * needs quotes.",
              "不允许使用引用（*），请直接写出内容；以 * 开头的文字请加引号。"),
    "tag": ("Tags (!) are not allowed. Text that starts with ! needs quotes.",
            "不允许使用标签（!）；以 ! 开头的文字请加引号。"),
    "merge-key": ("Merge keys (<<) are not allowed: write the values out.", "不允许使用合并键（<<），请直接写出内容。"),
    "key-not-text": ("A key must be text.", "键必须是文字。"),
    "key-too-long": ("A key is at most {limit} characters long.", "键最长 {limit} 个字符。"),
    "duplicate-key": ("The key “{key}” is already on line {first}.", "键“{key}”在第 {first} 行已经出现过。"),
    "text-too-long": ("A text is at most {limit} characters long.", "一段文字最长 {limit} 个字符。"),
    "too-deep": ("Nested deeper than {limit} levels.", "嵌套超过 {limit} 层。"),
    "too-many-nodes": ("The document has more than {limit} values.", "文档中的值超过 {limit} 个。"),
    "tab": ("Indent with spaces: a tab cannot stand here.", "请用空格缩进，此处不能使用制表符。"),
    "syntax": ("Not valid YAML: {problem}.", "YAML 语法有误：{chinese}。"),
}  # fmt: skip

# The parser explains itself in English; these are the faults that people make.
_PROBLEMS = {
    "mapping values are not allowed in this context": "此处不能再出现“键: 值”，请检查缩进，含冒号的文字请加引号",
    "did not find expected key": "此处应为键，请检查缩进和引号",
    "could not find expected ':'": "键后缺少冒号",
    "did not find expected '-' indicator": "此处应为以“- ”开头的列表项，请检查缩进",
    "did not find expected ',' or ']'": "列表缺少逗号或右方括号 ]",
    "did not find expected ',' or '}'": "花括号内缺少逗号或右花括号 }",
    "block sequence entries are not allowed in this context": "此处不能出现以“- ”开头的列表项",
    "found unexpected end of stream": "引号没有配对，直到文末仍未结束",
    "found character that cannot start any token": "文字不能以这个字符开头，请加引号",
    "found unknown escape character": "双引号中有无法识别的转义符",
    "found undefined tag handle": "不允许使用标签（!）",
}


class Refusals:
    """The findings of one reading; at MAX_FINDINGS it ends by itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.findings: list[Finding] = []

    def add(self, code: str, at: tuple[int, int], path: Path = (), **values: object) -> None:
        """Note a fault at (line, column); `values` go into its sentence. Raises DocumentRefused at the limit."""
        en, zh = (text.format(**values) for text in _MESSAGES[code])
        self.findings.append(Finding(*at, ".".join(map(str, path)), code, say(en, zh)))
        if len(self.findings) >= MAX_FINDINGS:
            self.raise_any()

    def stop(self, code: str, at: tuple[int, int] = (1, 1), path: Path = (), **values: object) -> DocumentRefused:
        """The refusal to raise where reading cannot go on, with all that was found before."""
        self.add(code, at, path, **values)
        return DocumentRefused(self.findings, self.name)

    def syntax(self, at: tuple[int, int], problem: str) -> DocumentRefused:
        """The refusal for what the parser could not read; `problem` in its own words."""
        return self.stop("syntax", at, problem=problem, chinese=_PROBLEMS.get(problem, problem))

    def raise_any(self) -> None:
        """Raises DocumentRefused if anything was found."""
        if self.findings:
            raise DocumentRefused(self.findings, self.name)
