"""`wenshi book`: book projects, from chosen texts to the files a publisher gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from archive.books import edition
from archive.cli.article_choice import Choice, choice_options, presentable
from archive.cli.export_command import EXIT_PARTLY, tell, write_project
from archive.cli.files import text_of
from archive.cli.local import local_session
from archive.export import EXPORTERS
from archive.export.proof import line, summary, write_report
from archive.model.errors import NotFound, UsageError
from archive.model.project import Item, as_json, from_json
from archive.model.records import Genre
from archive.session import Session, file_digest
from archive.support.config import Config

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(short_help="书稿：由选定的文章到交付出版社的书。")
@click.help_option(help="显示帮助。")
def book() -> None:
    """书稿：选定文章、次序和前后辅文，校对，排成 Word、PDF、EPUB 等文件，定稿。"""


@book.command("list", short_help="列出全部书稿。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_projects(config: Config) -> None:
    """列出全部书稿，最近改过的在前。"""
    with local_session(config.library_path) as session:
        for name in session.books.names():
            project = session.books.project(name)
            frozen = len(session.books.editions(name))
            click.echo(
                f"{name}\t{len(list(project.items))} 篇\t{project.house}\t{f'定稿 {frozen} 次' if frozen else '未定稿'}"
            )


@book.command("new", short_help="由选中的文章建立书稿。")
@click.argument("name")
@choice_options
@click.option("--title", default="", help="书名；不给则与书稿同名。")
@click.option("--house", default="16开", show_default=True, help="版式：16开、大32开、A4、竖排，或资料库 styles 里的。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def new(
    config: Config,
    name: str,
    ids: tuple[str, ...],
    query: str | None,
    collection: str | None,
    scope: str | None,
    title: str,
    house: str,
) -> int:
    """由选中的文章建立书稿，同一栏目的文章归在一起。--id、--query、--collection 三者给出一种。"""
    choice = Choice(ids, query, collection, scope)
    with local_session(config.library_path) as session:
        chosen = choice.articles(session)
        # A new book has a cover and contents of its own.
        fresh = chosen if collection is None else [each for each in chosen if each.genre is not Genre.MATTER]
        articles = presentable(fresh)
        project = session.books.create(name, articles, title=title, house=house)
    click.echo(f"已建立书稿“{project.name}”：{len(list(project.items))} 篇，{len(project.parts)} 个栏目。")
    return EXIT_PARTLY if len(articles) < len(fresh) else 0


@book.command("show", short_help="显示一部书稿。")
@click.argument("name")
@click.option("--json", "written", is_flag=True, help="输出书稿文件（JSON），改好后用 wenshi book set 存回。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def show(config: Config, name: str, written: bool) -> None:
    """显示一部书稿的书名、栏目和文章；文章后面注明节选、改动和库中是否已有新版。"""
    with local_session(config.library_path) as session:
        project = session.books.project(name)
        if written:
            click.echo(as_json(project))
            return
        click.echo(f"《{project.title}》{project.subtitle}　版式 {project.house}　第 {project.revision} 次保存")
        for matter in project.front:
            click.echo(f"  〔书前〕{matter.title}")
        for part in project.parts:
            click.echo(part.title or "（无栏目）")
            for item in part.items:
                click.echo(f"  {item.article}\t{_described(session, item)}")
        for matter in project.back:
            click.echo(f"  〔书后〕{matter.title}")


def _described(session: Session, item: Item) -> str:
    try:
        article, present = session.article(item.article, item.version), session.article(item.article)
    except NotFound as error:
        return f"！{error.message}"
    remarks = [
        "" if item.whole else f"节选第 {item.first} 至 {item.last or len(article.blocks) - 1} 段",
        f"改动 {len(item.edits)} 处" if item.edits else "",
        f"库中已有第 {present.version} 版" if present.digest != item.digest else "",
    ]
    told = "，".join(filter(None, remarks))
    return article.title + (f"（{told}）" if told else "")


@book.command("set", short_help="存入改过的书稿文件。")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.help_option(help="显示帮助。")
@click.pass_obj
def set_project(config: Config, file: Path) -> None:
    """存入一份书稿文件（JSON，由 wenshi book show --json 得到）；- 为标准输入。

    文件里的 revision 要与库中的一致，以免盖掉别人刚做的改动；新书稿写 0。
    """
    text = text_of(file, "书稿文件")
    with local_session(config.library_path) as session:
        saved = session.books.save(from_json(text))
    click.echo(f"已保存书稿“{saved.name}”，第 {saved.revision} 次。")


@book.command("renew", short_help="把书稿里的文章换成库中的新版。")
@click.argument("name")
@click.option("--id", "ids", multiple=True, metavar="ID", help="只换这一篇，可以给出多个；不给则全部。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def renew(config: Config, name: str, ids: tuple[str, ...]) -> int:
    """把书稿里的文章换成库中的现行版本；只为本书做的改动跟着走，对不上的逐处列出。"""
    with local_session(config.library_path) as session:
        project = session.books.project(name)
        held = {item.article for item in project.items}
        if strangers := [each for each in ids if each not in held]:
            raise NotFound(f"书稿“{name}”里没有文章 {strangers[0]}。")
        lost = 0
        for article_id in ids or sorted(held):
            project, dropped = session.books.renewed(project, article_id)
            for edit in dropped:
                click.echo(
                    f"{article_id} 第 {edit.block} 段：改动“{edit.before}”→“{edit.after}”对不上，已去掉。", err=True
                )
            lost += len(dropped)
        session.books.save(project)
    click.echo(f"书稿“{name}”已换成现行版本。")
    return EXIT_PARTLY if lost else 0


@book.command("check", short_help="付印前看还有什么要处理。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def check(config: Config, name: str) -> int:
    """列出付印前必须处理的（撤下的文章、对不上的改动）和要看一看的（库中已有新版）。前者没有才退出 0。"""
    with local_session(config.library_path) as session:
        bound = session.books.bind(session.books.project(name))
    for fault in bound.faults:
        click.echo(f"必须处理\t{fault.place}\t{fault.message}")
    for issue in bound.issues:
        click.echo(f"请看一看\t{issue.place}\t{issue.message}")
    if not bound.faults:
        click.echo(f"书稿“{name}”可以付印，{len(bound.issues)} 处请看一看。", err=True)
    return EXIT_PARTLY if bound.faults else 0


@book.command("proof", short_help="校对：列出值得再看一眼的地方。")
@click.argument("name")
@click.option("-o", "--output", "file", type=_FILE, default=None, metavar="FILE", help="写成 .xlsx、.csv 或 .md 文件。")
@click.option(
    "--ignore", "ignored", multiple=True, metavar="FINGERPRINT", help="以后不再列出这一处（指纹），可以写多次。"
)
@click.option("--all", "everything", is_flag=True, help="已忽略的也列出。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def proof(config: Config, name: str, file: Path | None, ignored: tuple[str, ...], everything: bool) -> None:
    """校对一部书稿：标点、用字、年代、人名、序号、图注等，只提示，不改动。"""
    with local_session(config.library_path) as session:
        project = session.books.project(name)
        if ignored:
            project = replace(project, ignored=tuple(dict.fromkeys((*project.ignored, *ignored))))
            project = session.books.save(project)
        report = session.books.proof(project, everything=everything)
    if file is not None:
        write_report(report, file)
    else:
        for finding in report.findings:
            click.echo(f"{finding.fingerprint}\t{line(finding)}")
    click.echo(summary(report), err=True)


@book.command("export", short_help="把书稿排成一个文件。")
@click.argument("name")
@click.option("--to", "form", type=click.Choice(list(EXPORTERS)), required=True, help="文件格式。")
@click.option("-o", "--output", "file", type=_FILE, required=True, metavar="FILE", help="写到哪里。")
@click.option("--draft", is_flag=True, help="校样：有撤下的文章、缺字也照排，逐条报告。")
@click.option("--edition", "number", type=int, default=None, metavar="N", help="照第 N 次定稿重做，并与当时比较。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def export(config: Config, name: str, form: str, file: Path, draft: bool, number: int | None) -> int:
    """把书稿排成一个文件。有必须先处理的问题时不写文件，除非加 --draft。"""
    if draft and number is not None:
        raise UsageError("--draft 和 --edition 不能同时用：定稿重做不是校样。")
    with local_session(config.library_path) as session:
        if number is not None:
            return _again(session, name, number, form, file)
        return write_project(session, session.books.project(name), form, file, draft=draft)


def _again(session: Session, name: str, number: int, form: str, file: Path) -> int:
    kept = next((each for each in session.books.editions(name) if each.number == number), None)
    if kept is None:
        raise NotFound(f"书稿“{name}”没有第 {number} 次定稿。", hint="用 wenshi book editions 查看。")
    manifest = edition.from_json(kept.manifest)
    bound, changed = session.books.thaw(manifest)
    tell(changed)
    tell(session.books.write(bound.book, form, file))
    before = next((each.sha256 for each in manifest.files if each.name == form), "")
    if not before:
        click.echo(f"{file}：照第 {number} 次定稿重做；定稿时没有做这种格式，无从比较。")
        return 0
    same = file_digest(file) == before
    click.echo(f"{file}：照第 {number} 次定稿重做，与当时{'逐字节相同' if same else '不同'}。")
    return 0 if same else EXIT_PARTLY


@book.command("freeze", short_help="定稿：排成文件，记下全部依据。")
@click.argument("name")
@click.option(
    "--to", "forms", type=click.Choice(list(EXPORTERS)), multiple=True, required=True, help="文件格式，可以给出多个。"
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="写到哪个文件夹。",
)
@click.help_option(help="显示帮助。")
@click.pass_obj
def freeze(config: Config, name: str, forms: tuple[str, ...], folder: Path) -> None:
    """定稿：排成文件，并把每篇的版本和校验码、版式、字体、程序版本、时间记成一份清单，日后可以照样重做。"""
    with local_session(config.library_path) as session:
        kept, manifest, issues = session.books.freeze(session.books.project(name), forms, folder)
    tell(issues)
    click.echo(f"书稿“{name}”第 {kept.number} 次定稿：{len(forms)} 个文件在 {folder}，清单 {manifest.name}。")


@book.command("editions", short_help="列出一部书稿的定稿。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def editions(config: Config, name: str) -> None:
    """列出一部书稿的历次定稿，新的在前。"""
    with local_session(config.library_path) as session:
        for each in session.books.editions(name):
            manifest = edition.from_json(each.manifest)
            made = "、".join(file.name for file in manifest.files)
            click.echo(f"{each.number}\t{each.moment}\t{each.who}\t{len(manifest.texts)} 篇\t{made}")


@book.command("delete", short_help="删除一部书稿。")
@click.argument("name")
@click.option("--yes", is_flag=True, help="确认删除。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def delete(config: Config, name: str, yes: bool) -> None:
    """删除一部书稿；文章不受影响，定稿的清单也还在。"""
    with local_session(config.library_path) as session:
        session.books.project(name)
        if not yes:
            raise UsageError(f"要删除书稿“{name}”，请加 --yes 确认。")
        session.books.remove(name)
    click.echo(f"已删除书稿“{name}”。")
