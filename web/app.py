"""The web application over one library."""

from __future__ import annotations

from flask import Flask

from archive import dates
from archive.library import Library
from archive.model.access import Action
from web.api import api_pages, reference_page
from web.base import (
    addresses,
    caching,
    compression,
    current,
    door,
    error_pages,
    file_pages,
    health,
    jobs,
    limits,
    rates,
    rendering,
    security,
)
from web.base.page_templates import PageEnvironment
from web.base.site import HERE, Site
from web.base.wording import browser_named, for_pages
from web.books import (
    add_pages,
    book_data,
    gathering,
    item_page,
    matter_pages,
    output_pages,
    overview_pages,
    preview_pages,
    proof_page,
)
from web.editing import (
    author_pages,
    correction_pages,
    description_pages,
    history_pages,
    replacement_pages,
    report_pages,
    scan_pages,
    scan_progress,
)
from web.edition import iiif_pages, oai, publish_pages
from web.help import help_pages
from web.housekeeping import arranging_pages, audit_pages, purge_pages, safekeeping_pages, table_pages
from web.intake import import_pages, split_form, upload_pages
from web.office import account_pages, opening_pages, procedure_pages, record_pages, register_pages, token_pages
from web.reading import (
    article_page,
    collection_pages,
    comparison_pages,
    date_pages,
    look,
    quote_page,
    roster_pages,
    words_page,
)
from web.reading.leaves import place_url
from web.search import frequency_page, result_pages, saved_pages, search_page
from web.workbench import (
    barcode_page,
    card_pages,
    collocate_page,
    compilation_pages,
    concordance_page,
    gathering_pages,
    name_editing,
    name_pages,
    name_queue,
    other_accounts_page,
    reuse_page,
    same_page,
    term_page,
)

_BOOKS = (overview_pages, add_pages, book_data, item_page, matter_pages, output_pages, preview_pages, proof_page)


def create_app(library: Library, *, locked: bool = False, founding: bool = False, site: Site = HERE) -> Flask:
    """An application that serves `library`, which stays open as long as it runs and is called from several threads.

    `locked` and `founding` say whom it lets in while there are no accounts (see web/base/door.py): what listens on a
    port is locked, what is called by the program itself need not be. `site` says by which names they are reached.
    """
    app = Flask(__name__)
    app.jinja_environment = PageEnvironment
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    addresses.attach(app)
    current.attach(app, library)
    limits.attach(app)
    security.protect(app, library.root, site, library.agree)
    door.attach(app, library, locked=locked, founding=founding)
    error_pages.register(app)
    jobs.attach(app, library)
    compression.attach(app)
    caching.attach(app)
    rates.attach(app)
    caching.ask_for_accounts(app, lambda: library.logins.needed)
    for topic in (
        search_page,
        result_pages,
        saved_pages,
        frequency_page,
        concordance_page,
        card_pages,
        compilation_pages,
        gathering_pages,
        barcode_page,
        collocate_page,
        same_page,
        other_accounts_page,
        reuse_page,
        term_page,
        name_pages,
        name_editing,
        name_queue,
        article_page,
        date_pages,
        description_pages,
        correction_pages,
        author_pages,
        history_pages,
        replacement_pages,
        report_pages,
        scan_pages,
        scan_progress,
        look,
        quote_page,
        words_page,
        comparison_pages,
        collection_pages,
        roster_pages,
        upload_pages,
        import_pages,
        file_pages,
        health,
        safekeeping_pages,
        purge_pages,
        help_pages,
        publish_pages,
        arranging_pages,
        audit_pages,
        opening_pages,
        table_pages,
        jobs,
        register_pages,
        record_pages,
        procedure_pages,
        account_pages,
        token_pages,
        api_pages,
        reference_page,
        oai,
        iiif_pages,
        *_BOOKS,
    ):
        app.register_blueprint(topic.pages)
    app.jinja_env.globals.update(
        inline=rendering.inline,
        excerpt=rendering.excerpt,
        pointed=rendering.pointed,
        note_mark=rendering.note_mark,
        local=rendering.local_moment,
        gregorian=dates.describe,
        edtf=dates.edtf,
        gathering=gathering,
        pieces=comparison_pages.pieces,
        token=security.token,
        asking=current.session,
        signed_in=door.account,
        Action=Action,
        look_choices=look.CHOICES,
        look_attributes=look.attributes,
        upright=look.upright,
        picture_url=file_pages.picture_url,
        place_url=place_url,
    )
    app.jinja_env.filters["split_words"] = split_form.plain
    app.jinja_env.filters["split_place"] = split_form.plain_place
    app.jinja_env.filters["for_pages"] = for_pages
    app.jinja_env.filters["browser"] = browser_named
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app
