/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The multiverse of pooling, condensed: by interval, by model and by prediction. */
#include "core/number.h"
#include "report/builders.h"
#include "report/view.h"

#include <string.h>

enum { FLIPS_SHOWN = 16 }; /* characters, for a line of 80 columns */

/* The outermost limits of several intervals, and what their analyses say. */
typedef struct span {
    double lower, upper;
    mtp_comparison_count count;
} span;

static const span nothing = {MTP_NONE, MTP_NONE, {0, 0, 0}};

static void add_to_span(span *s, double lower, double upper, mtp_conclusion conclusion,
                        bool flips)
{
    if (isnan(lower) || isnan(upper)) {
        return;
    }
    s->lower = fmin(s->lower, lower); /* NaN: the other */
    s->upper = fmax(s->upper, upper);
    s->count.n++;
    s->count.excluding +=
        conclusion == MTP_CONCLUSION_BELOW || conclusion == MTP_CONCLUSION_ABOVE;
    s->count.flipped += flips;
}

static void add_row_to_span(span *s, const mtp_specification *row)
{
    add_to_span(s, row->back.ci_lower, row->back.ci_upper, row->conclusion, row->flips);
}

static bool same_fit(const mtp_specification *a, const mtp_specification *b)
{
    return a->method == b->method && a->tau2 == b->tau2 && a->model == b->model;
}

/* The row after the last one of this model and estimator. */
static size_t end_of_fit(const mtp_comparison *c, size_t begin)
{
    size_t end = begin;

    while (end < c->n && same_fit(&c->row[begin], &c->row[end])) {
        end++;
    }
    return end;
}

/* "lies below 1", "includes 1". */
static void add_conclusion(mtp_document *doc, const mtp_comparison *c,
                           mtp_conclusion conclusion)
{
    mtp_doc_text(doc, "%s%s ", conclusion == MTP_CONCLUSION_INCLUDES ? "" : "lies ",
                 mtp_conclusion_id(conclusion));
    mtp_doc_number(doc, MTP_DOC_NUMBER, c->null_value);
}

static void add_chosen(mtp_document *doc, const mtp_comparison *c)
{
    const mtp_specification *row = &c->row[c->reference];

    mtp_doc_entry(doc, "Chosen analysis");
    if (row->reason) {
        mtp_doc_text(doc, "%s: %s", row->name, row->reason);
        return;
    }
    mtp_doc_text(doc, "%s: %s ", row->name, c->measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, row->back.estimate));
    mtp_doc_text(doc, " ");
    mtp_doc_add(
        doc, mtp_build_natural_interval(doc, row->back.ci_lower, row->back.ci_upper));
    if (row->conclusion != MTP_CONCLUSION_NONE) {
        mtp_doc_text(doc, ", which ");
        add_conclusion(doc, c, row->conclusion);
    }
}

/* A row that is the most of its kind; nothing where no analysis has an answer. */
static void add_extreme(mtp_document *doc, const mtp_comparison *c, const char *label,
                        size_t at, bool interval)
{
    const mtp_specification *row = &c->row[at];

    if (at == c->n) {
        return;
    }
    mtp_doc_entry(doc, label);
    mtp_doc_add(doc, interval ? mtp_build_natural_interval(doc, row->back.ci_lower,
                                                           row->back.ci_upper)
                              : mtp_build_natural(doc, row->back.estimate));
    mtp_doc_text(doc, " (%s)", row->name);
}

/* The header of counts and limits, and a row of them. Without a null value nothing is
 * excluded and nothing flips. */
static size_t add_columns(mtp_document *doc, const mtp_bundle *bundle,
                          mtp_doc_column column[], size_t n)
{
    if (!isnan(bundle->comparison->null_value)) {
        char value[MTP_NUMBER_TEXT];
        const char *exclude;

        mtp_number_format(bundle->comparison->null_value, value);
        exclude = mtp_arena_printf(doc->arena, "Exclude %s", value);

        doc->failed = doc->failed || !exclude;
        column[n++] = (mtp_doc_column){"excluding", exclude, false, false};
        column[n++] = (mtp_doc_column){"flipped", "Flip", false, false};
    }
    column[n++] = (mtp_doc_column){"limits", "Outermost limits", false, false};
    return n;
}

static void add_span_cells(mtp_document *doc, const mtp_comparison *c, const span *s,
                           mtp_doc_cell *cell)
{
    if (!isnan(c->null_value)) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)s->count.excluding);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)s->count.flipped);
    }
    *cell = mtp_build_natural_interval(doc, s->lower, s->upper);
}

static void add_intervals(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_comparison *c = bundle->comparison;
    mtp_doc_column column[5] = {{"ci", "Interval", true, true},
                                {"n", "Analyses", false, false}};

    mtp_doc_heading(doc, "By %s of the mean (%s)",
                    mtp_build_level(doc, bundle, "interval"), bundle->measure->natural);
    mtp_doc_table(doc, add_columns(doc, bundle, column, 2), column);
    for (int ci = 0; ci < MTP_CI_COUNT; ci++) {
        span s = nothing;
        mtp_doc_cell *cell;

        for (size_t i = 0; i < c->n; i++) {
            if (c->row[i].ci == (mtp_ci_method)ci) {
                add_row_to_span(&s, &c->row[i]);
            }
        }
        if (s.count.n > 0) {
            cell = mtp_doc_row_new(doc);
            cell[0] = mtp_doc_cell_text(mtp_ci_id((mtp_ci_method)ci));
            cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)s.count.n);
            add_span_cells(doc, c, &s, cell + 2);
        }
    }
}

/* The intervals that flip, or those that do not: "hksj, hc". */
static const char *list_intervals(mtp_document *doc, const mtp_comparison *c,
                                  size_t begin, size_t end, bool flips)
{
    const char *text = "";

    for (size_t i = begin; text && i < end; i++) {
        if (c->row[i].reason == NULL && c->row[i].flips == flips) {
            text = mtp_arena_printf(doc->arena, "%s%s%s", text, *text ? ", " : "",
                                    mtp_ci_id(c->row[i].ci));
        }
    }
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

/* "none", "all", "hksj, hc", "all but pl", or how many where these are too long. */
static const char *flips_of(mtp_document *doc, const mtp_comparison *c, size_t begin,
                            size_t end)
{
    size_t n = 0, flipped = 0;
    const char *text;

    for (size_t i = begin; i < end; i++) {
        n += c->row[i].conclusion != MTP_CONCLUSION_NONE;
        flipped += c->row[i].flips;
    }
    if (c->row[c->reference].conclusion == MTP_CONCLUSION_NONE || n == 0) {
        return "-";
    }
    if (flipped == 0 || (flipped == n && n > 1)) {
        return flipped == 0 ? "none" : "all";
    }
    text = list_intervals(doc, c, begin, end, true);
    if (strlen(text) <= FLIPS_SHOWN) {
        return text;
    }
    text = list_intervals(doc, c, begin, end, false);
    text = strlen(text) + sizeof "all but" <= FLIPS_SHOWN
               ? mtp_arena_printf(doc->arena, "all but %s", text)
               : mtp_arena_printf(doc->arena, "%zu of %zu", flipped, n);
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

/* The interval of the chosen kind, or Wald's where the model has none of that kind. */
static const mtp_specification *shown_of(const mtp_comparison *c, size_t begin,
                                         size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (c->row[i].ci == c->row[c->reference].ci) {
            return &c->row[i];
        }
    }
    return &c->row[begin];
}

static void add_models(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_comparison *c = bundle->comparison;
    bool null_value = !isnan(c->null_value);
    mtp_doc_column column[] = {
        {"model", "Model", true, false},      {"tau2_method", "tau^2 by", true, false},
        {"tau2", "tau^2", false, false},      {"estimate", "Estimate", false, false},
        {"limits", "Interval", false, false}, {"ci", "by", true, false},
        {"flips", "Flips with", true, false}};
    size_t columns = sizeof column / sizeof *column, end;

    mtp_doc_heading(doc, "By model and estimator (%s)", bundle->measure->natural);
    mtp_doc_table(doc, null_value ? columns : columns - 1, column);
    for (size_t begin = 0; begin < c->n; begin = end) {
        const mtp_specification *row = &c->row[begin];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        end = end_of_fit(c, begin);
        *cell++ = mtp_doc_cell_text(row->model_name);
        *cell++ = mtp_doc_cell_text(mtp_tau2_id(row->tau2));
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, row->tau2_value);
        row = shown_of(c, begin, end);
        *cell++ = mtp_build_natural(doc, row->back.estimate);
        *cell++ =
            mtp_build_natural_interval(doc, row->back.ci_lower, row->back.ci_upper);
        *cell++ = mtp_doc_cell_text(mtp_ci_id(row->ci));
        if (null_value) {
            *cell = mtp_doc_cell_text(flips_of(doc, c, begin, end));
        }
    }
}

/* A rule over all models and estimators. */
static span span_of_rule(const mtp_comparison *c, mtp_pi_method rule)
{
    span s = nothing;

    for (size_t i = 0; i < c->n; i = end_of_fit(c, i)) {
        for (size_t p = 0; p < c->row[i].n_predictions; p++) {
            const mtp_compared_prediction *made = &c->row[i].prediction[p];

            if (made->made.method == rule) {
                add_to_span(&s, made->back_lower, made->back_upper, made->conclusion,
                            made->flips);
            }
        }
    }
    return s;
}

static void add_predictions(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_comparison *c = bundle->comparison;
    mtp_doc_column column[5] = {{"pi", "Interval", true, true},
                                {"n", "Analyses", false, false}};

    if (c->predictions.n == 0) {
        return;
    }
    mtp_doc_heading(doc, "By %s (%s)",
                    mtp_build_level(doc, bundle, "prediction interval"),
                    bundle->measure->natural);
    if (c->prediction != MTP_CONCLUSION_NONE) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "The prediction interval of the chosen analysis ");
        add_conclusion(doc, c, c->prediction);
        mtp_doc_text(doc, ".");
    }
    mtp_doc_table(doc, add_columns(doc, bundle, column, 2), column);
    for (int rule = 0; rule < MTP_PI_COUNT; rule++) {
        span s = span_of_rule(c, (mtp_pi_method)rule);
        mtp_doc_cell *cell;

        if (s.count.n > 0) {
            cell = mtp_doc_row_new(doc);
            cell[0] = mtp_doc_cell_text(mtp_pi_id((mtp_pi_method)rule));
            cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)s.count.n);
            add_span_cells(doc, c, &s, cell + 2);
        }
    }
}

static bool is_first_reason(const mtp_comparison *c, size_t i)
{
    for (size_t before = 0; before < i; before++) {
        if (c->row[before].reason &&
            strcmp(c->row[before].reason, c->row[i].reason) == 0) {
            return false;
        }
    }
    return true;
}

/* Why analyses have no answer, each reason with the first that it stops. */
static void add_reasons(mtp_document *doc, const mtp_comparison *c)
{
    if (c->intervals.n == c->n) {
        return;
    }
    mtp_doc_heading(doc, "Analyses without an answer");
    mtp_doc_entries(doc);
    for (size_t i = 0; i < c->n; i++) {
        const char *reason = c->row[i].reason, *label;
        size_t same = 0;

        if (!reason || !is_first_reason(c, i)) {
            continue;
        }
        for (size_t j = i; j < c->n; j++) {
            same += c->row[j].reason && strcmp(c->row[j].reason, reason) == 0;
        }
        label = mtp_arena_printf(doc->arena, "%zu of %zu", same, c->n);
        doc->failed = doc->failed || !label;
        mtp_doc_entry(doc, label);
        mtp_doc_text(doc, "%s%s: %s", same == 1 ? "" : "the first is ", c->row[i].name,
                     reason);
    }
}

void mtp_build_compare(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_comparison *c = bundle->comparison;
    const mtp_measure_info *measure = bundle->measure;

    mtp_build_precision(doc, bundle);
    mtp_doc_title(doc, "%zu ways to pool %zu stud%s: %s (%s)", c->n, c->k,
                  c->k == 1 ? "y" : "ies", measure->name, measure->code);
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%s", c->sentence);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_measure(doc, bundle);
    add_chosen(doc, c);
    add_extreme(doc, c, "Smallest estimate", c->smallest, false);
    add_extreme(doc, c, "Largest estimate", c->largest, false);
    add_extreme(doc, c, "Narrowest interval", c->narrowest, true);
    add_extreme(doc, c, "Widest interval", c->widest, true);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    add_intervals(doc, bundle);
    add_models(doc, bundle);
    add_predictions(doc, bundle);
    add_reasons(doc, c);
    mtp_build_notes(doc, bundle);
}
