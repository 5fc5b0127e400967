/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a specification curve shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/curve_figure.h"
#include "plot/figure_json.h"

const mtp_specification **mtp_curve_order(mtp_arena *arena, const mtp_comparison *made,
                                          size_t *n)
{
    const mtp_specification **order =
        MTP_ARENA_ARRAY(arena, made->n + 1, const mtp_specification *);

    *n = 0;
    for (size_t i = 0; order && i < made->n; i++) {
        if (made->row[i].rank > 0) {
            order[made->row[i].rank - 1] = &made->row[i];
            (*n)++;
        }
    }
    return order;
}

const char *mtp_curve_choice(const mtp_specification *row, mtp_choice choice)
{
    return choice == MTP_CHOICE_MODEL  ? row->model_name
           : choice == MTP_CHOICE_TAU2 ? mtp_tau2_id(row->tau2)
                                       : mtp_ci_id(row->ci);
}

static bool is_reference(const mtp_comparison *made, const mtp_specification *row)
{
    return row == &made->row[made->reference];
}

static void add_line(mtp_strbuf *out, const mtp_comparison *made,
                     const mtp_specification *row)
{
    mtp_strbuf_printf(out, "%zu", row->rank);
    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        mtp_strbuf_add_char(out, ',');
        mtp_strbuf_add_csv(out, mtp_curve_choice(row, (mtp_choice)choice));
    }
    mtp_strbuf_add_csv_number(out, row->back.estimate);
    mtp_strbuf_add_csv_number(out, row->back.ci_lower);
    mtp_strbuf_add_csv_number(out, row->back.ci_upper);
    mtp_strbuf_printf(out, ",%s,%s,%s\n", mtp_conclusion_id(row->conclusion),
                      row->flips ? "true" : "false",
                      is_reference(made, row) ? "true" : "false");
}

void mtp_curve_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_comparison *made = bundle->comparison;
    mtp_arena *arena = mtp_arena_new();
    size_t n = 0;
    const mtp_specification **order = arena ? mtp_curve_order(arena, made, &n) : NULL;

    out->failed = out->failed || !order;
    mtp_strbuf_add(out,
                   "rank,model,tau2,ci,estimate,ci_lower,ci_upper,conclusion,flips,"
                   "reference\n");
    for (size_t i = 0; i < n; i++) {
        add_line(out, made, order[i]);
    }
    mtp_arena_free(arena);
}

static void add_specification(mtp_strbuf *out, const mtp_comparison *made,
                              const mtp_specification *row)
{
    mtp_figure_json_number(out, "{\"rank\": ", (double)row->rank);
    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        mtp_strbuf_printf(out, ", \"%s\": ", mtp_choice_id((mtp_choice)choice));
        mtp_figure_json_string(out, "", mtp_curve_choice(row, (mtp_choice)choice));
    }
    mtp_figure_json_number(out, ", \"estimate\": ", row->back.estimate);
    mtp_figure_json_number(out, ", \"interval\": [", row->back.ci_lower);
    mtp_figure_json_number(out, ", ", row->back.ci_upper);
    mtp_figure_json_string(out,
                           "], \"conclusion\": ", mtp_conclusion_id(row->conclusion));
    mtp_strbuf_printf(out, ", \"flips\": %s, \"reference\": %s}",
                      row->flips ? "true" : "false",
                      is_reference(made, row) ? "true" : "false");
}

static void add_choices(mtp_strbuf *out, const mtp_comparison *made)
{
    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        mtp_strbuf_printf(out, "%s\"%s\": [", choice > 0 ? ", " : "",
                          mtp_choice_id((mtp_choice)choice));
        for (size_t i = 0; i < made->choice[choice].n; i++) {
            mtp_figure_json_string(out, i > 0 ? ", " : "",
                                   made->choice[choice].value[i].id);
        }
        mtp_strbuf_add_char(out, ']');
    }
}

void mtp_curve_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_comparison *made = bundle->comparison;
    mtp_arena *arena = mtp_arena_new();
    size_t n = 0;
    const mtp_specification **order = arena ? mtp_curve_order(arena, made, &n) : NULL;

    out->failed = out->failed || !order;
    mtp_figure_json_head(out, "metapool.specification-curve/1", bundle);
    mtp_figure_json_percent(out, ",\n  \"level\": ", made->level);
    mtp_figure_json_number(out, ",\n  \"null_value\": ", made->null_value);
    mtp_figure_json_string(out, ",\n  \"sentence\": ", made->sentence);
    mtp_figure_json_number(out, ",\n  \"unanswered\": ", (double)(made->n - n));
    mtp_strbuf_add(out, ",\n  \"choices\": {");
    add_choices(out, made);
    mtp_strbuf_add(out, "},\n  \"specifications\": [");
    for (size_t i = 0; i < n; i++) {
        mtp_strbuf_add(out, i > 0 ? ",\n    " : "\n    ");
        add_specification(out, made, order[i]);
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
    mtp_arena_free(arena);
}
