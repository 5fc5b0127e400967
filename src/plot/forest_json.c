/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest data as JSON, schema "metapool.forest/1": one row of the figure a line. */
#include "metapool/forest.h"
#include "metapool/version.h"

#include "core/error.h"
#include "core/json_text.h"
#include "core/number.h"
#include "effects/columns.h"
#include "plot/forest_kind.h"

#include <assert.h>
#include <math.h>

/* `prefix` is what stands before the value: a key with its punctuation. */
static void add_string(mtp_strbuf *out, const char *prefix, const char *text)
{
    mtp_strbuf_add(out, prefix);
    mtp_strbuf_add_json(out, text);
}

static void add_number(mtp_strbuf *out, const char *prefix, double value)
{
    mtp_strbuf_add(out, prefix);
    if (isfinite(value)) {
        mtp_strbuf_add_number(out, value);
    } else {
        mtp_strbuf_add(out, "null");
    }
}

/* A row without raw data has the same keys. */
static void add_raw(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_bundle *bundle)
{
    mtp_strbuf_add(out, ", \"raw\": {");
    for (size_t r = 0; r < bundle->n_columns; r++) {
        char key[MTP_ROLE_KEY];

        mtp_strbuf_printf(out, "%s\"%s\": ", r > 0 ? ", " : "",
                          mtp_role_key(bundle->raw_role[r], key));
        add_number(out, "", row->raw ? row->raw[r] : (double)NAN);
    }
    mtp_strbuf_add(out, "}");
}

static void add_row(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_bundle *bundle)
{
    add_string(out, "{\"kind\": ", mtp_forest_kind_name(row->kind));
    add_string(out, ", \"group\": ", row->group);
    add_string(out, ", \"study\": ", row->study);
    add_number(out, ", \"events\": ", row->events);
    add_number(out, ", \"n\": ", row->n);
    add_number(out, ", \"estimate\": ", row->estimate);
    add_number(out, ", \"ci_lower\": ", row->ci_lower);
    add_number(out, ", \"ci_upper\": ", row->ci_upper);
    add_number(out, ", \"weight_common\": ", row->weight_common);
    add_number(out, ", \"weight_random\": ", row->weight_random);
    add_raw(out, row, bundle);
    mtp_strbuf_add(out, "}");
}

static void add_heterogeneity(mtp_strbuf *out, const mtp_pooled *pooled,
                              const char *group)
{
    const mtp_heterogeneity *h = &pooled->heterogeneity;

    add_string(out, "{\"group\": ", group);
    mtp_strbuf_printf(out, ", \"k\": %zu", pooled->k);
    add_number(out, ", \"tau2\": ", h->tau2);
    add_number(out, ", \"I2\": ", h->I2);
    add_number(out, ", \"Q\": ", h->Q);
    add_number(out, ", \"df\": ", h->df);
    add_number(out, ", \"p\": ", h->p);
    add_number(out, ", \"log_p\": ", h->log_p);
    add_number(out, ", \"LRT\": ", h->LRT);
    add_number(out, ", \"LRT_df\": ", h->LRT_df);
    add_number(out, ", \"LRT_p\": ", h->LRT_p);
    mtp_strbuf_add(out, "}");
}

/* A test that was not made is null throughout. */
static void add_test(mtp_strbuf *out, const char *prefix, const mtp_test *test)
{
    const char *type = test->is_f ? "F" : "chi2";

    add_number(out, prefix, test->statistic);
    add_string(out, ", \"type\": ", isnan(test->statistic) ? NULL : type);
    add_number(out, ", \"df\": ", test->df);
    add_number(out, ", \"df2\": ", test->df2);
    add_number(out, ", \"p\": ", test->p);
    add_number(out, ", \"log_p\": ", test->log_p);
    mtp_strbuf_add(out, "}");
}

static void add_measure(mtp_strbuf *out, const mtp_measure_info *measure)
{
    add_string(out, ",\n  \"measure\": {\"code\": ", measure->code);
    add_string(out, ", \"name\": ", measure->name);
    add_string(out, ", \"scale\": ", measure->scale);
    add_string(out, ", \"natural\": ", measure->natural);
    add_string(out, ", \"inverse\": ", measure->inverse);
    mtp_strbuf_printf(out, ", \"groups\": %d}", measure->groups);
}

static void add_methods(mtp_strbuf *out, const mtp_pool_result *pool)
{
    const mtp_fit *fit = &pool->overall.fit;

    add_string(out, ",\n  \"methods\": {\"method\": ", mtp_method_id(fit->method));
    add_string(out, ", \"model\": ", fit->model);
    add_string(out, ", \"tau2_method\": ",
               fit->method == MTP_METHOD_BETABINOMIAL ? NULL
                                                      : mtp_tau2_id(fit->tau2_method));
    add_number(out,
               ", \"nodes\": ", fit->nodes >= 0 ? (double)fit->nodes : (double)NAN);
    add_string(out, ", \"ci_method\": ", mtp_ci_id(pool->overall.random.ci.method));
    add_string(out, ", \"pi_method\": ", mtp_pi_id(pool->overall.random.pi.method));
    mtp_strbuf_add(out, "}");
}

static void add_note(mtp_strbuf *out, const char *prefix, const mtp_note *note)
{
    const char *severity = note->severity == MTP_WARNING ? "warning" : "info";

    add_string(out, prefix, mtp_note_id(note->code));
    add_string(out, ", \"severity\": ", severity);
    add_number(out, ", \"row\": ", note->row > 0 ? (double)note->row : (double)NAN);
    add_string(out, ", \"text\": ", note->text);
    mtp_strbuf_add(out, "}");
}

static bool has_endless_interval(const mtp_forest *forest)
{
    for (size_t i = 0; i < forest->n_rows; i++) {
        if (isinf(forest->row[i].ci_lower) || isinf(forest->row[i].ci_upper)) {
            return true;
        }
    }
    return false;
}

/* The notes of the analysis, and why an infinite limit stands as null. */
static void add_notes(mtp_strbuf *out, const mtp_forest *forest)
{
    const mtp_notes *notes = &forest->bundle->notes;
    const char *prefix = "\n    {\"code\": ";
    bool missing = has_endless_interval(forest);

    mtp_strbuf_add(out, ",\n  \"notes\": [");
    for (size_t i = 0; i < notes->count; i++) {
        add_note(out, prefix, &notes->item[i]);
        prefix = ",\n    {\"code\": ";
        missing = missing && notes->item[i].code != MTP_NOTE_UNBOUNDED;
    }
    if (missing) {
        add_note(out, prefix, &mtp_json_unbounded_note);
    }
    mtp_strbuf_add(out, "\n  ]");
}

/* The confidence level in percent, free of the noise of 100 times a binary fraction. */
static void add_level(mtp_strbuf *out, double level)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_significant(100.0 * level, 12, text, sizeof text);
    mtp_strbuf_printf(out, ",\n  \"level\": %s", text);
}

static void add_forest(mtp_strbuf *out, const mtp_forest *forest)
{
    const mtp_bundle *bundle = forest->bundle;
    const mtp_pool_result *pool = bundle->pool;

    mtp_strbuf_add(out, "{\n  \"schema\": \"metapool.forest/1\"");
    add_string(out, ",\n  \"metapool_version\": ", MTP_VERSION);
    add_string(out, ",\n  \"source\": ", bundle->ledger.source);
    add_measure(out, bundle->measure);
    add_level(out, bundle->level);
    add_string(out, ",\n  \"by\": ", bundle->by);
    add_methods(out, pool);
    mtp_strbuf_add(out, ",\n  \"rows\": [");
    for (size_t i = 0; i < forest->n_rows; i++) {
        mtp_strbuf_add(out, i > 0 ? ",\n    " : "\n    ");
        add_row(out, &forest->row[i], bundle);
    }
    mtp_strbuf_add(out, "\n  ],\n  \"heterogeneity\": [");
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_strbuf_add(out, "\n    ");
        add_heterogeneity(out, &pool->groups[g], pool->group_name[g]);
        mtp_strbuf_add(out, ",");
    }
    mtp_strbuf_add(out, "\n    ");
    add_heterogeneity(out, &pool->overall, NULL);
    mtp_strbuf_add(out, "\n  ],\n  \"between_groups\": {");
    add_test(out, "\n    \"common\": {\"statistic\": ", &pool->between.common);
    add_test(out, ",\n    \"random\": {\"statistic\": ", &pool->between.random);
    add_test(out, ",\n    \"within\": {\"statistic\": ", &pool->between.within);
    mtp_strbuf_add(out, "\n  }");
    add_notes(out, forest);
    mtp_strbuf_add(out, "\n}\n");
}

mtp_status mtp_forest_json(const mtp_forest *forest, char **text, mtp_error *err)
{
    mtp_strbuf out;
    char *done;

    assert(forest && text);
    mtp_strbuf_init(&out);
    add_forest(&out, forest);
    done = mtp_strbuf_take(&out, NULL);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
