/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From documents to sections of the page. */
#include "models/stratified.h"
#include "page/page.h"
#include "report/builders.h"

#include <string.h>

bool mtp_page_is_common(const mtp_page_work *page)
{
    const mtp_pool_result *pool = page->pool.bundle->pool;

    return !pool->overall.exists || pool->options.tau2 == MTP_TAU2_EE ||
           mtp_method_is_stratified(pool->options.method);
}

bool mtp_page_is_one_study(const mtp_page_work *page)
{
    return page->pool.bundle->pool->overall.k == 1;
}

void mtp_page_begin(mtp_document *doc, const mtp_page_work *page)
{
    mtp_doc_init(doc, page->arena);
    mtp_build_precision(doc, page->pool.bundle);
}

/* The document begins with a heading that says what the section's title says. */
static bool repeats_title(const mtp_page_work *page, const mtp_document *doc)
{
    const mtp_block *first = doc->block;

    return doc->n > 0 && first->kind == MTP_BLOCK_HEADING && page->title &&
           first->phrase[0].n == 1 &&
           strcmp(first->phrase[0].cell[0].text, page->title) == 0;
}

void mtp_page_put(mtp_page_work *page, const mtp_document *doc, const char *table_id)
{
    const mtp_html_look look = {page->digits, 3, table_id};
    mtp_document rest = *doc;

    if (doc->failed) {
        page->out->failed = true;
        return;
    }
    if (repeats_title(page, doc)) {
        rest.block++;
        rest.n--;
    }
    mtp_html_blocks(page->out, &rest, &look);
}

void mtp_page_put_absence(mtp_page_work *page, const char *what,
                          const mtp_page_part *part)
{
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_doc_paragraph(&doc);
    mtp_doc_text(&doc, "There is no %s here: %s.", what, part->error.message);
    mtp_page_put(page, &doc, NULL);
}

static bool has_note(const mtp_notes *notes, const mtp_note *note)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->item[i].text, note->text) == 0) {
            return true;
        }
    }
    return false;
}

void mtp_page_put_notes(mtp_page_work *page, const char *heading,
                        const mtp_bundle *bundle)
{
    const mtp_notes *all = &bundle->notes;
    mtp_note *own = MTP_ARENA_ARRAY(page->arena, all->count, mtp_note);
    mtp_notes shown = {0, own};
    mtp_document doc;

    if (!own) {
        page->out->failed = true;
        return;
    }
    for (size_t i = 0; i < all->count; i++) {
        if (!has_note(&page->pool.bundle->notes, &all->item[i])) {
            own[shown.count++] = all->item[i];
        }
    }
    mtp_page_begin(&doc, page);
    mtp_build_note_list(&doc, heading, &shown);
    mtp_page_put(page, &doc, NULL);
}
