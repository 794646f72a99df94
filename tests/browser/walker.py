"""A person in front of a browser, in one of the two languages."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, expect

from xietong.platform.people.models import Person

ENGLISH, CHINESE = "en", "zh-CN"
PASSWORD = "rice-chair-soap"


@dataclass
class Walker:
    """Finds everything by what a person reads: each text is given in English and in Chinese."""

    page: Page
    home: str
    language: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type == "error", said.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on("request", self._note_request)

    def say(self, english: str, chinese: str) -> str:
        return english if self.language == ENGLISH else chinese

    def go(self, address: str) -> None:
        self.page.goto(self.home + address)

    def sign_in(self, person: Person) -> None:
        self.go("/sign-in/")
        self.fill("Name to sign in by", "登录名", person.username)
        self.fill("Password", "密码", PASSWORD)
        self.press("Sign in", "登录")
        self.titled(f"Hello, {person.name}", f"{person.name}，您好")

    def follow(self, english: str, chinese: str) -> None:
        """Follow the link of this name on the page itself, not in its frame."""
        self._main.get_by_role("link", name=self.say(english, chinese), exact=True).click()

    def press(self, english: str, chinese: str) -> None:
        self._main.get_by_role("button", name=self.say(english, chinese), exact=True).click()

    def open(self, english: str, chinese: str) -> None:
        """Unfold what stands under this line."""
        self._main.get_by_text(self.say(english, chinese), exact=True).click()

    def fill(self, english: str, chinese: str, value: str) -> None:
        self.input(english, chinese).fill(value)

    def input(self, english: str, chinese: str) -> Locator:
        return self._main.get_by_label(self.say(english, chinese), exact=True)

    def titled(self, english: str, chinese: str) -> None:
        expect(self._main.get_by_role("heading", level=1)).to_have_text(self.say(english, chinese))

    def told(self, english: str, chinese: str) -> None:
        """The page answers what was just done with this, and nothing else."""
        expect(self.page.locator(".messages .notice")).to_have_text([self.say(english, chinese)])

    def reads(self, english: str, chinese: str) -> None:
        expect(self._main).to_contain_text(self.say(english, chinese))

    def figure(self, english: str, chinese: str, value: str) -> None:
        """A figure of this name at the head of the page."""
        stat = self.page.locator(".stat", has_text=self.say(english, chinese))
        expect(stat).to_contain_text(value)

    def table(self, english: str, chinese: str) -> list[list[str]]:
        """What stands in the rows of a table, cell by cell, as it is read."""
        table = self.page.get_by_role("table", name=self.say(english, chinese), exact=True)
        expect(table).to_be_visible()
        rows = table.locator("tbody tr").all()
        return [[_read(cell) for cell in row.locator("th, td").all()] for row in rows]

    @property
    def _main(self) -> Locator:
        return self.page.locator("main")

    def _note_request(self, request: Request) -> None:
        self._note(
            urlsplit(request.url).netloc != urlsplit(self.home).netloc, f"asks {request.url}"
        )

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.troubles.append(f"{self.page.url}: {text}")


def _read(cell: Locator) -> str:
    field = cell.locator("input[type=number]")
    if field.count():
        return field.input_value()
    return re.sub(r"\s+", " ", cell.inner_text()).strip()
