/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyses of a page: requests made of its own, each run on the same studies. */
#include "metapool/bias.h"
#include "metapool/trim_fill.h"

#include "analysis/profile.h"
#include "core/error.h"
#include "page/page.h"

#include <string.h>

/* The options of a request as far as another command has them. */
static void derive(const mtp_request *from, mtp_command command, mtp_request *to)
{
    *to = (mtp_request){.arena = from->arena, .command = command};
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);

        if (info->commands & (unsigned)command) {
            to->given[i] = from->given[i];
        }
    }
}

static bool was_excluded_by(const mtp_bundle *pool, const char *code)
{
    for (size_t i = 0; i < pool->ledger.n_excluded; i++) {
        if (strcmp(pool->ledger.excluded[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

/* An option's value as SQL: a header in quotes, an expression in parentheses. */
static const char *as_sql(mtp_arena *arena, const mtp_table *table, const char *value)
{
    mtp_strbuf name;
    const char *text;

    if (!mtp_table_find(table, value)) {
        return mtp_arena_printf(arena, "(%s)", value);
    }
    mtp_strbuf_init(&name);
    for (const char *at = value; *at; at++) {
        mtp_strbuf_add(&name, *at == '"' ? "\"" : "");
        mtp_strbuf_add_char(&name, *at);
    }
    text = name.failed ? NULL : mtp_arena_printf(arena, "\"%s\"", name.text);
    mtp_strbuf_free(&name);
    return text;
}

/* Rows without a subgroup leave the pooled mean too, so they leave the analyses that
 * know no subgroups. */
static mtp_status leave_out_ungrouped(mtp_page_work *page, const mtp_table *table,
                                      mtp_request *request, mtp_error *err)
{
    const char *where = request->given[MTP_OPT_WHERE];
    const char *by = as_sql(page->arena, table, page->request->given[MTP_OPT_BY]);

    where = where ? as_sql(page->arena, table, where) : "1";
    where = by && where
                ? mtp_arena_printf(page->arena, "%s AND %s IS NOT NULL", where, by)
                : NULL;
    if (!where) {
        return mtp_fail_nomem(err);
    }
    request->given[MTP_OPT_WHERE] = where;
    return MTP_OK;
}

/* An option that changes what the studies say about the mean and that the analysis does
 * not know; MTP_OPT_COUNT: none. */
static mtp_option_index foreign_option(const mtp_page_work *page, mtp_command command)
{
    static const mtp_option_index vital[] = {MTP_OPT_WEIGHTS, MTP_OPT_CLUSTER,
                                             MTP_OPT_NESTED};

    for (size_t i = 0; i < sizeof vital / sizeof *vital; i++) {
        if (page->request->given[vital[i]] &&
            !(mtp_option_get(vital[i])->commands & (unsigned)command)) {
            return vital[i];
        }
    }
    return MTP_OPT_COUNT;
}

/* A further analysis; only running out of memory is a failure of the page. */
static mtp_status run_part(mtp_page_work *page, const mtp_table *table,
                           mtp_request *request, mtp_page_part *part)
{
    mtp_option_index foreign = foreign_option(page, request->command);
    mtp_status status;

    if (foreign != MTP_OPT_COUNT) {
        const char *name = mtp_option_get(foreign)->name;
        const char *why = mtp_option_advice(request->command, name);

        (void)mtp_fail(&part->error, MTP_E_UNSUPPORTED, "it knows no --%s%s%s", name,
                       why ? ": " : "", why ? why : "");
        return MTP_OK;
    }
    request->given[MTP_OPT_BY] = NULL;
    if (was_excluded_by(page->pool.bundle, "by_missing")) {
        status = leave_out_ungrouped(page, table, request, &part->error);
        if (status != MTP_OK) {
            return status;
        }
    }
    status = mtp_run(request, table, &part->bundle, NULL, &part->error);
    return status == MTP_E_NOMEM ? status : MTP_OK;
}

/* The test that is meant for the measure, or Egger's where it does not apply, as `bias`
 * has it; and trim and fill. */
static mtp_status run_bias(mtp_page_work *page, const mtp_table *table)
{
    mtp_asymmetry_test test =
        mtp_asymmetry_default(page->pool.bundle->measure->measure);
    mtp_request request;
    mtp_status status;

    derive(page->request, MTP_COMMAND_BIAS, &request);
    request.given[MTP_OPT_TRIM_FILL] = mtp_trim_fill_id(MTP_TRIM_FILL_L0);
    request.given[MTP_OPT_BIAS_TEST] = mtp_asymmetry_id(test);
    status = run_part(page, table, &request, &page->bias);
    if (status == MTP_OK && !page->bias.bundle && test != MTP_ASYMMETRY_EGGER) {
        request.given[MTP_OPT_BIAS_TEST] = mtp_asymmetry_id(MTP_ASYMMETRY_EGGER);
        status = run_part(page, table, &request, &page->bias);
    }
    return status;
}

/* What several studies say about each other and about their mean; one says nothing. */
static mtp_status run_several(mtp_page_work *page, const mtp_table *table)
{
    mtp_page_part *const part[] = {&page->sensitivity, &page->comparison, &page->bias};
    mtp_request request;
    mtp_status status;

    if (mtp_page_is_one_study(page)) {
        for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
            (void)mtp_fail(&part[i]->error, MTP_E_DEGENERATE, "it takes two studies");
        }
        return MTP_OK;
    }
    derive(page->request, MTP_COMMAND_SENSITIVITY, &request);
    status = run_part(page, table, &request, &page->sensitivity);
    if (status == MTP_OK) {
        derive(page->request, MTP_COMMAND_COMPARE, &request);
        status = run_part(page, table, &request, &page->comparison);
    }
    return status == MTP_OK ? run_bias(page, table) : status;
}

static mtp_status run_parts(mtp_page_work *page, const mtp_table *table, mtp_error *err)
{
    mtp_request request;
    mtp_status status = run_several(page, table);

    if (status == MTP_OK) {
        derive(page->request, MTP_COMMAND_FUNNEL, &request);
        request.given[MTP_OPT_FUNNEL_FILL] = mtp_trim_fill_id(MTP_TRIM_FILL_L0);
        if (mtp_asymmetry_default(page->pool.bundle->measure->measure) ==
            MTP_ASYMMETRY_EGGER) { /* the test beside the figure */
            request.given[MTP_OPT_EGGER_LINE] = "true";
        }
        status = run_part(page, table, &request, &page->funnel);
    }
    if (status == MTP_OK) {
        derive(page->request, MTP_COMMAND_TAU2_CURVE, &request);
        status = run_part(page, table, &request, &page->curve);
    }
    return status == MTP_OK ? MTP_OK : mtp_fail_nomem(err);
}

mtp_status mtp_page_run(mtp_page_work *page, const mtp_table *table,
                        mtp_problems *problems, mtp_error *err)
{
    const mtp_request *given = page->request;
    mtp_request *filled = MTP_ARENA_NEW(page->arena, mtp_request);
    mtp_request request;
    mtp_status status;

    if (!filled) {
        return mtp_fail_nomem(err);
    }
    *filled = *given;
    if (mtp_request_has(given, MTP_OPT_PROFILE)) {
        mtp_profile_fill(given, filled);
    }
    derive(given, MTP_COMMAND_POOL, &request);
    status = mtp_run(&request, table, &page->pool.bundle, problems, err);
    if (status == MTP_OK) {
        page->request = filled;
        status = run_parts(page, table, err);
    }
    if (status != MTP_OK) {
        mtp_page_free_parts(page);
    }
    return status;
}

void mtp_page_free_parts(mtp_page_work *page)
{
    mtp_page_part *const part[] = {&page->pool, &page->sensitivity, &page->comparison,
                                   &page->bias, &page->funnel,      &page->curve};

    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        mtp_bundle_free(part[i]->bundle);
        part[i]->bundle = NULL;
    }
}
