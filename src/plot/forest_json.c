/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest data as JSON, schema "metapool.forest/1": one row of the figure a line. */
#include "metapool/forest.h"
#include "metapool/forest_look.h"

#include "core/error.h"
#include "effects/columns.h"
#include "plot/figure_json.h"
#include "plot/forest_kind.h"

#include <assert.h>
#include <math.h>

/* A row without raw data has the same keys. */
static void add_raw(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_bundle *bundle)
{
    mtp_strbuf_add(out, ", \"raw\": {");
    for (size_t r = 0; r < bundle->n_columns; r++) {
        char key[MTP_ROLE_KEY];

        mtp_strbuf_printf(out, "%s\"%s\": ", r > 0 ? ", " : "",
                          mtp_role_key(bundle->raw_role[r], key));
        mtp_figure_json_number(out, "", row->raw ? row->raw[r] : (double)NAN);
    }
    mtp_strbuf_add(out, "}");
}

/* The cells of --left and --right that come from the table; none: no key. */
static void add_side(mtp_strbuf *out, const mtp_forest_row *row,
                     const mtp_forest_side *side, const char **prefix)
{
    for (size_t i = 0; i < side->n; i++) {
        const mtp_forest_shown *column = &side->column[i];

        if (column->shown == MTP_SHOWN_COLUMN) {
            mtp_figure_json_string(out, *prefix, column->name);
            mtp_figure_json_string(out, ": ", mtp_forest_cell(row, column));
            *prefix = ", ";
        }
    }
}

static void add_columns(mtp_strbuf *out, const mtp_forest_row *row,
                        const mtp_forest_look *look)
{
    const char *first = ", \"columns\": {", *prefix = first;

    if (look) {
        add_side(out, row, &look->left, &prefix);
        add_side(out, row, &look->right, &prefix);
        mtp_strbuf_add(out, prefix == first ? "" : "}");
    }
}

static void add_rob(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_forest_look *look)
{
    if (!look || look->n_rob == 0) {
        return;
    }
    mtp_strbuf_add(out, ", \"rob\": {");
    for (size_t d = 0; d < look->n_rob; d++) {
        mtp_rob level = mtp_forest_risk(row, &look->rob[d]);

        mtp_figure_json_string(out, d > 0 ? ", " : "", look->rob[d].name);
        mtp_figure_json_string(out, ": ",
                               level == MTP_ROB_NONE ? NULL : mtp_rob_id(level));
    }
    mtp_strbuf_add(out, "}");
}

static void add_row(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_bundle *bundle)
{
    mtp_figure_json_string(out, "{\"kind\": ", mtp_forest_kind_name(row->kind));
    mtp_figure_json_string(out, ", \"group\": ", row->group);
    mtp_figure_json_string(out, ", \"study\": ", row->study);
    mtp_figure_json_number(out, ", \"events\": ", row->events);
    mtp_figure_json_number(out, ", \"n\": ", row->n);
    mtp_figure_json_number(out, ", \"estimate\": ", row->estimate);
    mtp_figure_json_number(out, ", \"ci_lower\": ", row->ci_lower);
    mtp_figure_json_number(out, ", \"ci_upper\": ", row->ci_upper);
    mtp_figure_json_number(out, ", \"weight_common\": ", row->weight_common);
    mtp_figure_json_number(out, ", \"weight_random\": ", row->weight_random);
    add_raw(out, row, bundle);
    if (mtp_forest_fits(bundle)) {
        mtp_figure_json_number(out, ", \"k\": ", row->k);
        mtp_figure_json_number(out, ", \"tau2\": ", row->tau2);
        mtp_figure_json_number(out, ", \"I2\": ", row->I2);
    }
    add_columns(out, row, bundle->look);
    add_rob(out, row, bundle->look);
    mtp_strbuf_add(out, "}");
}

static void add_heterogeneity(mtp_strbuf *out, const mtp_pooled *pooled,
                              const char *group)
{
    const mtp_heterogeneity *h = &pooled->heterogeneity;

    mtp_figure_json_string(out, "{\"group\": ", group);
    mtp_strbuf_printf(out, ", \"k\": %zu", pooled->k);
    mtp_figure_json_number(out, ", \"tau2\": ", h->tau2);
    mtp_figure_json_number(out, ", \"I2\": ", h->I2);
    mtp_figure_json_number(out, ", \"Q\": ", h->Q);
    mtp_figure_json_number(out, ", \"df\": ", h->df);
    mtp_figure_json_number(out, ", \"p\": ", h->p);
    mtp_figure_json_number(out, ", \"log_p\": ", h->log_p);
    mtp_figure_json_number(out, ", \"LRT\": ", h->LRT);
    mtp_figure_json_number(out, ", \"LRT_df\": ", h->LRT_df);
    mtp_figure_json_number(out, ", \"LRT_p\": ", h->LRT_p);
    mtp_strbuf_add(out, "}");
}

/* A test that was not made is null throughout. */
static void add_test(mtp_strbuf *out, const char *prefix, const mtp_test *test)
{
    const char *type = test->is_f ? "F" : "chi2";

    mtp_figure_json_number(out, prefix, test->statistic);
    mtp_figure_json_string(out, ", \"type\": ", isnan(test->statistic) ? NULL : type);
    mtp_figure_json_number(out, ", \"df\": ", test->df);
    mtp_figure_json_number(out, ", \"df2\": ", test->df2);
    mtp_figure_json_number(out, ", \"p\": ", test->p);
    mtp_figure_json_number(out, ", \"log_p\": ", test->log_p);
    mtp_strbuf_add(out, "}");
}

static void add_methods(mtp_strbuf *out, const mtp_pool_result *pool)
{
    const mtp_fit *fit = &pool->overall.fit;

    mtp_figure_json_string(
        out, ",\n  \"methods\": {\"method\": ", mtp_method_id(fit->method));
    mtp_figure_json_string(out, ", \"model\": ", fit->model);
    mtp_figure_json_string(
        out, ", \"tau2_method\": ",
        fit->method == MTP_METHOD_BETABINOMIAL ? NULL : mtp_tau2_id(fit->tau2_method));
    mtp_figure_json_number(
        out, ", \"nodes\": ", fit->nodes >= 0 ? (double)fit->nodes : (double)NAN);
    mtp_figure_json_string(
        out, ", \"ci_method\": ", mtp_ci_id(pool->overall.random.ci.method));
    mtp_figure_json_string(
        out, ", \"pi_method\": ", mtp_pi_id(pool->overall.random.pi.method));
    mtp_strbuf_add(out, "}");
}

/* Whether an infinite limit stands as null. */
static bool has_endless_interval(const mtp_forest *forest)
{
    for (size_t i = 0; i < forest->n_rows; i++) {
        if (isinf(forest->row[i].ci_lower) || isinf(forest->row[i].ci_upper)) {
            return true;
        }
    }
    return false;
}

static void add_forest(mtp_strbuf *out, const mtp_forest *forest)
{
    const mtp_bundle *bundle = forest->bundle;
    const mtp_pool_result *pool = bundle->pool;

    mtp_figure_json_head(out, "metapool.forest/1", bundle);
    mtp_figure_json_percent(out, ",\n  \"level\": ", bundle->level);
    mtp_figure_json_string(out, ",\n  \"by\": ", bundle->by);
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
    mtp_figure_json_notes(out, bundle, has_endless_interval(forest));
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
