/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/explain.h"

#include "metapool/version.h"

#include "analysis/options.h"
#include "core/error.h"
#include "explain/work.h"
#include "report/html_page.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { TEXT_WIDTH = 80 };

static const char style[] =
    "math{font-size:1.05em}.line{margin:.2rem 0 .2rem 1rem;padding:.3rem 0;"
    "overflow-x:auto;overflow-y:hidden}th math{font-size:.95em}.line "
    "math{white-space:nowrap}\n"
    "h3{font-size:1.05rem;margin:1.25rem 0 .25rem}tbody th{min-width:12rem}"
    ".total>*{border-top:1px solid;font-weight:600}\n";

const char *mtp_explain_option(const mtp_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->n_options; i++) {
        if (strcmp(bundle->options[i].name, name) == 0) {
            return bundle->options[i].value;
        }
    }
    return NULL;
}

void mtp_explain_section(mtp_explain_work *work, const char *title)
{
    mtp_solution_heading(work->s, 2, "%d. %s", ++work->section, title);
}

/* The request as one of `pool` or `regress`. */
static mtp_status derive(const mtp_request *from, mtp_request *to, mtp_error *err)
{
    mtp_command command =
        from->given[MTP_OPT_MODS] ? MTP_COMMAND_REGRESS : MTP_COMMAND_POOL;

    *to = (mtp_request){.arena = from->arena, .command = command};
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);

        if (info->commands & (unsigned)command) {
            to->given[i] = from->given[i];
        } else if (from->given[i] && info->commands & (unsigned)MTP_COMMAND_POOL) {
            const char *advice = mtp_option_advice(command, info->name);

            return mtp_fail(err, MTP_E_ARG, "--%s is not for regressions%s%s",
                            info->name, advice ? ": " : "", advice ? advice : "");
        } else if (from->given[i] && info->commands & (unsigned)MTP_COMMAND_REGRESS) {
            return mtp_fail(err, MTP_E_ARG, "--%s needs --mods", info->name);
        }
    }
    return MTP_OK;
}

/* The values of --work, ended by NULL; NULL without memory or where it was not given.
 */
static const char *const *chosen_studies(const mtp_request *request, mtp_arena *arena)
{
    const char *given = request->given[MTP_OPT_WORK];
    size_t n = 1;
    const char **list;

    if (!given) {
        return NULL;
    }
    for (const char *at = given; *at; at++) {
        n += *at == MTP_LIST_MARK;
    }
    list = mtp_arena_zalloc(arena, n + 1, sizeof *list);
    for (size_t i = 0; list && i < n; i++) {
        size_t length = strcspn(given, "\n");

        list[i] = mtp_arena_strndup(arena, given, length);
        given += length + 1;
    }
    return list;
}

static mtp_status check_chosen(const mtp_explain_work *work, mtp_error *err)
{
    for (const char *const *name = work->chosen; name && *name; name++) {
        size_t i = 0;

        while (i < work->bundle->n_studies &&
               strcmp(work->bundle->studies[i].name, *name) != 0) {
            i++;
        }
        if (i == work->bundle->n_studies) {
            return mtp_fail(err, MTP_E_ARG,
                            "--work %s: the analysis has no study of this name", *name);
        }
    }
    return MTP_OK;
}

/* A model that is not pooling by inverse variance. */
static const char *not_worked(const mtp_bundle *b)
{
    if (b->regression) {
        return mtp_explain_regress_refusal(b);
    }
    return NULL;
}

static void write_parts(mtp_explain_work *work)
{
    const char *why = not_worked(work->bundle);

    mtp_explain_effects(work);
    if (why) {
        mtp_explain_section(work, "Model");
        mtp_solution_text(work->s, "%s.", why);
    } else if (work->bundle->regression) {
        mtp_explain_regress(work);
    } else {
        mtp_explain_pool(work);
    }
}

static void write_solution(mtp_explain_work *work)
{
    static const char title[] = "Worked solution";
    const mtp_html_head head = {title, style, ""};
    bool html = work->s->format == MTP_FORMAT_HTML;

    if (html) {
        mtp_html_begin(work->s->out, &head);
    }
    mtp_explain_introduce(work, title);
    write_parts(work);
    if (html) {
        mtp_strbuf_add(work->s->out, "<footer>metapool " MTP_VERSION "</footer>\n");
        mtp_html_end(work->s->out, &head);
    }
}

typedef struct answer {
    char *text;
    size_t length, disagreements;
} answer;

static mtp_status explain(const mtp_request *request, const mtp_bundle *bundle,
                          mtp_format format, answer *to, mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_strbuf out;
    mtp_solution s = {.format = format,
                      .digits = (int)mtp_request_number(request, MTP_OPT_WORK_DIGITS),
                      .width = TEXT_WIDTH,
                      .arena = arena,
                      .out = &out,
                      .scope = {.arena = arena}};
    mtp_explain_work work = {.bundle = bundle, .s = &s};
    mtp_status status;

    if (!arena) {
        return mtp_fail_nomem(err);
    }
    mtp_strbuf_init(&out);
    work.chosen = chosen_studies(request, arena);
    work.all = strcmp(mtp_request_value(request, MTP_OPT_ALL_STUDIES), "true") == 0;
    status = check_chosen(&work, err);
    if (status == MTP_OK) {
        write_solution(&work);
        out.failed = out.failed || s.failed || s.scope.failed;
        to->disagreements = s.disagreements;
        to->text = mtp_strbuf_take(&out, &to->length);
        status = to->text ? MTP_OK : mtp_fail_nomem(err);
    }
    mtp_strbuf_free(&out);
    mtp_arena_free(arena);
    return status;
}

mtp_status mtp_explain(const mtp_request *request, const mtp_table *table,
                       mtp_format format, char **text, size_t *length,
                       size_t *disagreements, mtp_bundle **bundle,
                       mtp_problems *problems, mtp_error *err)
{
    mtp_bundle *made = NULL;
    mtp_request inner;
    mtp_error ignored;
    mtp_status status;
    answer to = {0};

    assert(request && table && text);
    err = err ? err : &ignored;
    if (format != MTP_FORMAT_TEXT && format != MTP_FORMAT_MARKDOWN &&
        format != MTP_FORMAT_HTML) {
        return mtp_fail(err, MTP_E_ARG, "explain has text, markdown and html");
    }
    status = derive(request, &inner, err);
    if (status == MTP_OK) {
        status = mtp_run(&inner, table, &made, problems, err);
    }
    if (status == MTP_OK) {
        status = explain(request, made, format, &to, err);
    }
    if (status != MTP_OK) {
        mtp_bundle_free(made);
        return status;
    }
    *text = to.text;
    if (length) {
        *length = to.length;
    }
    if (disagreements) {
        *disagreements = to.disagreements;
    }
    if (bundle) {
        *bundle = made;
    } else {
        mtp_bundle_free(made);
    }
    return MTP_OK;
}
