/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/page.h"

#include "analysis/options.h"
#include "core/error.h"
#include "report/builders.h"

#include <assert.h>
#include <string.h>

typedef struct section {
    const char *id, *title;
    bool (*is_there)(const mtp_page_work *page); /* NULL: always */
    void (*write)(mtp_page_work *page);
} section;

static bool has_subgroups(const mtp_page_work *page)
{
    return page->pool.bundle->pool->n_groups > 0;
}

static const section sections[] = {
    {"summary", "Summary", NULL, mtp_page_write_summary},
    {"forest", "Forest plot", NULL, mtp_page_write_forest},
    {"study-data", "Studies", NULL, mtp_page_write_studies},
    {"heterogeneity", "Heterogeneity", NULL, mtp_page_write_heterogeneity},
    {"subgroups", "Subgroups", has_subgroups, mtp_page_write_subgroups},
    {"absolute", "Absolute effects", mtp_page_has_absolute, mtp_page_write_absolute},
    {"sensitivity", "Sensitivity", NULL, mtp_page_write_sensitivity},
    {"small-studies", "Small-study effects", NULL, mtp_page_write_small_studies},
    {"rows", "Rows of the table", NULL, mtp_page_write_rows},
    {"notes", "Notes", NULL, mtp_page_write_notes},
    {"methods", "Methods", NULL, mtp_page_write_methods},
    {"references", "References", NULL, mtp_page_write_sources},
    {"prisma", "PRISMA 2020", NULL, mtp_page_write_prisma},
    {"options", "Options and origin", NULL, mtp_page_write_options},
};

enum { SECTIONS = sizeof sections / sizeof *sections };

static bool is_there(const mtp_page_work *page, const section *s)
{
    return !s->is_there || s->is_there(page);
}

const char *mtp_page_section_title(const char *id)
{
    size_t i = 0;

    while (strcmp(sections[i].id, id) != 0) {
        i++;
        assert(i < SECTIONS);
    }
    return sections[i].title;
}

static void write_contents(mtp_page_work *page)
{
    mtp_strbuf_add(page->out, "<nav aria-label=\"Contents\">\n<ul>\n");
    for (size_t i = 0; i < SECTIONS; i++) {
        if (is_there(page, &sections[i])) {
            mtp_strbuf_printf(page->out, "<li><a href=\"#%s\">%s</a></li>\n",
                              sections[i].id, sections[i].title);
        }
    }
    mtp_strbuf_add(page->out, "</ul>\n</nav>\n");
}

static void write_section(mtp_page_work *page, const section *s)
{
    page->title = s->title;
    mtp_strbuf_printf(page->out,
                      "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
                      "<h2 id=\"%s-title\">%s</h2>\n",
                      s->id, s->id, s->id, s->title);
    s->write(page);
    mtp_strbuf_add(page->out, "</section>\n");
}

static void write_page(mtp_page_work *page)
{
    mtp_html_head head = {NULL, mtp_page_style, mtp_page_script};
    mtp_document title;

    mtp_doc_init(&title, page->arena);
    mtp_build_pool_title(&title, page->pool.bundle);
    if (title.failed) {
        page->out->failed = true;
        return;
    }
    head.title = title.block[0].phrase[0].cell[0].text;
    mtp_html_begin(page->out, &head);
    mtp_page_put(page, &title, NULL);
    write_contents(page);
    for (size_t i = 0; i < SECTIONS; i++) {
        if (is_there(page, &sections[i])) {
            write_section(page, &sections[i]);
        }
    }
    mtp_html_end(page->out, &head);
}

/* What the caller gets of a page whose analyses were run. */
static mtp_status finish(mtp_page_work *page, char **text, size_t *length,
                         mtp_bundle **pool, mtp_error *err)
{
    mtp_strbuf out;
    char *made;

    mtp_strbuf_init(&out);
    page->out = &out;
    write_page(page);
    made = mtp_strbuf_take(&out, length);
    if (!made) {
        return mtp_fail_nomem(err);
    }
    *text = made;
    if (pool) {
        *pool = page->pool.bundle;
        page->pool.bundle = NULL;
    }
    return MTP_OK;
}

mtp_status mtp_page(const mtp_request *request, const mtp_table *table, char **text,
                    size_t *length, mtp_bundle **pool, mtp_problems *problems,
                    mtp_error *err)
{
    mtp_page_work page = {.request = request, .arena = mtp_arena_new()};
    mtp_error ignored;
    mtp_status status;

    assert(request && table && text);
    err = err ? err : &ignored;
    if (!page.arena) {
        return mtp_fail_nomem(err);
    }
    page.digits = (int)mtp_request_number(request, MTP_OPT_DIGITS);
    status = mtp_page_read_risks(&page, err);
    if (status == MTP_OK) {
        status = mtp_page_run(&page, table, problems, err);
    }
    if (status == MTP_OK) {
        status = finish(&page, text, length, pool, err);
        mtp_page_free_parts(&page);
    }
    mtp_arena_free(page.arena);
    return status;
}
