/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that shows all analyses of a file. */
#include "metapool/analysis_file.h"
#include "metapool/figure.h"
#include "metapool/version.h"

#include "core/error.h"
#include "core/strbuf.h"
#include "report/builders.h"
#include "report/html_page.h"
#include "text/markup.h"

#include <stdlib.h>
#include <string.h>

enum { HEADING = 3 };

static const char style[] =
    "h3{font-size:1rem;margin:1.5rem 0 .25rem}\n"
    "section{border-top:1px solid var(--line);margin-top:2rem}\n"
    "h2{border:0;margin-top:1rem}\n"
    ".failed{font-weight:600}summary{cursor:pointer}\n";

static const char *shown_name(const mtp_file_analysis *analysis)
{
    return analysis->title ? analysis->title : analysis->name;
}

/* "<dt>LABEL</dt><dd>text</dd>", as a link where there is one. */
static void add_fact(mtp_strbuf *out, const char *label, const char *link,
                     const char *text)
{
    if (!text) {
        return;
    }
    mtp_strbuf_printf(out, "<dt>%s</dt><dd>", label);
    if (link) {
        mtp_strbuf_add(out, "<a href=\"");
        mtp_strbuf_add(out, link);
        mtp_markup_add(out, text);
        mtp_strbuf_add(out, "\">");
    }
    mtp_markup_add(out, text);
    mtp_strbuf_add(out, link ? "</a></dd>\n" : "</dd>\n");
}

static bool is_address(const char *url)
{
    return url && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0);
}

static void add_source(mtp_strbuf *out, const mtp_analysis_file *file)
{
    const char *slash = strrchr(file->path, '/');

    mtp_strbuf_add(out, "<dl>\n");
    add_fact(out, "Publication", NULL, file->source.citation);
    add_fact(out, "DOI", "https://doi.org/", file->source.doi);
    add_fact(out, "Address", is_address(file->source.url) ? "" : NULL,
             file->source.url);
    add_fact(out, "Licence", NULL, file->source.licence);
    add_fact(out, "Note", NULL, file->source.note);
    add_fact(out, "Analysis file", NULL, slash ? slash + 1 : file->path);
    add_fact(out, "SHA-256", NULL, file->sha256);
    mtp_strbuf_add(out, "</dl>\n");
}

static void add_contents(mtp_strbuf *out, size_t n, const mtp_index_entry entry[])
{
    mtp_strbuf_add(out, "<nav aria-label=\"Contents\">\n<ul>\n");
    for (size_t i = 0; i < n; i++) {
        mtp_strbuf_printf(out, "<li><a href=\"#a-%s\">", entry[i].analysis->name);
        mtp_markup_add(out, shown_name(entry[i].analysis));
        mtp_strbuf_add(out, entry[i].results ? "</a></li>\n" : "</a> (failed)</li>\n");
    }
    mtp_strbuf_add(out, "</ul>\n</nav>\n");
}

static void add_files(mtp_strbuf *out, const mtp_index_entry *entry)
{
    mtp_strbuf_add(out, "<p>Files: ");
    for (size_t i = 0; i < entry->results->n_files; i++) {
        const char *name = entry->results->files[i].name;

        mtp_strbuf_add(out, i > 0 ? ", " : "");
        if (entry->lost & (1U << i)) {
            mtp_strbuf_printf(out, "%s (could not be written)", name);
        } else {
            mtp_strbuf_printf(out, "<a href=\"%s\">%s</a>", name, name);
        }
    }
    mtp_strbuf_add(out, "</p>\n");
}

/* What `build` makes of the bundle, without a title of its own. */
static void add_built(mtp_strbuf *out, const mtp_results *results,
                      void (*build)(mtp_document *, const mtp_bundle *))
{
    const mtp_bundle *bundle = results->bundle;
    const mtp_html_look look = {results->digits, HEADING, NULL};
    mtp_arena *arena = mtp_arena_new();
    mtp_document doc;

    if (!arena) {
        out->failed = true;
        return;
    }
    mtp_doc_init(&doc, arena);
    if (bundle->pool) {
        mtp_build_precision(&doc, bundle);
    }
    build(&doc, bundle);
    if (doc.failed) {
        out->failed = true;
    } else {
        if (doc.n > 0 && doc.block[0].kind == MTP_BLOCK_TITLE) {
            doc.block++;
            doc.n--;
        }
        mtp_html_blocks(out, &doc, &look);
    }
    mtp_arena_free(arena);
}

/* The answer first; of a pooling the rest is there to be opened. */
static void add_result(mtp_strbuf *out, const mtp_results *results)
{
    if (results->svg) {
        mtp_html_figure(out, results->svg, results->svg_height);
    } else if (results->bundle->command == MTP_COMMAND_POOL) {
        add_built(out, results, mtp_build_estimates);
        add_built(out, results, mtp_build_groups);
        mtp_strbuf_add(out, "<details><summary>All that was found</summary>\n");
        add_built(out, results, mtp_build_report);
        mtp_strbuf_add(out, "</details>\n");
    } else {
        add_built(out, results, mtp_build_report);
    }
}

static void add_failure(mtp_strbuf *out, const mtp_error *error)
{
    mtp_strbuf_add(out, "<p class=\"failed\">This analysis failed: ");
    mtp_markup_add(out, error->message);
    mtp_strbuf_add(out, "</p>\n");
}

static void add_section(mtp_strbuf *out, const mtp_index_entry *entry)
{
    const char *name = entry->analysis->name;

    mtp_strbuf_printf(out,
                      "<section id=\"a-%s\" aria-labelledby=\"t-%s\">\n"
                      "<h2 id=\"t-%s\">",
                      name, name, name);
    mtp_markup_add(out, shown_name(entry->analysis));
    mtp_strbuf_add(out, "</h2>\n");
    if (entry->results) {
        add_files(out, entry);
        add_result(out, entry->results);
    } else {
        add_failure(out, &entry->error);
    }
    mtp_strbuf_add(out, "</section>\n");
}

mtp_status mtp_index_page(const mtp_analysis_file *file, size_t n,
                          const mtp_index_entry entry[], char **text, size_t *length,
                          mtp_error *err)
{
    const mtp_html_head head = {file->title, style, ""};
    mtp_strbuf out;
    char *made;

    mtp_strbuf_init(&out);
    mtp_html_begin(&out, &head);
    mtp_strbuf_add(&out, "<h1>");
    mtp_markup_add(&out, file->title);
    mtp_strbuf_add(&out, "</h1>\n");
    add_source(&out, file);
    add_contents(&out, n, entry);
    for (size_t i = 0; i < n; i++) {
        add_section(&out, &entry[i]);
    }
    mtp_strbuf_add(&out, "<footer>metapool " MTP_VERSION "</footer>\n");
    mtp_html_end(&out, &head);
    made = mtp_strbuf_take(&out, length);
    if (!made) {
        return mtp_fail_nomem(err);
    }
    *text = made;
    return MTP_OK;
}
