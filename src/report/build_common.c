/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

enum { EXCLUDED_SHOWN = 10, MORE_MAX = 6 };

const char *mtp_build_level(mtp_document *doc, const mtp_bundle *bundle,
                            const char *what)
{
    char level[MTP_NUMBER_TEXT];
    const char *text;

    mtp_number_significant(100.0 * bundle->level, 12, level, sizeof level);
    text = mtp_arena_printf(doc->arena, "%s%% %s", level, what);
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

const char *mtp_build_scale(mtp_document *doc, const mtp_measure_info *measure)
{
    bool given = measure->input == MTP_INPUT_GENERIC;
    const char *text =
        mtp_arena_printf(doc->arena, given ? "scale %s" : "%s scale", measure->scale);

    doc->failed = doc->failed || !text;
    return text ? text : "";
}

const char *mtp_build_plural(mtp_document *doc, const char *natural)
{
    static const char difference[] = "difference of ";
    size_t start = sizeof difference - 1;
    char last = natural[strlen(natural) - 1];
    const char *text =
        strncmp(natural, difference, start) == 0
            ? mtp_arena_printf(doc->arena, "differences of %s", natural + start)
        : last >= 'a' && last <= 'z'
            ? mtp_arena_printf(doc->arena, "%ss", natural)
            : mtp_arena_printf(doc->arena, "values of %s", natural);

    doc->failed = doc->failed || !text;
    return text ? text : "";
}

/* The mean that the report is about. */
static double mean_of(const mtp_bundle *bundle)
{
    const mtp_comparison *c = bundle->comparison;
    mtp_pooled overall;

    if (c) {
        return c->row[c->reference].back.estimate;
    }
    overall = mtp_view_pooled(&bundle->pool->overall);
    return overall.exists ? overall.random.back.estimate : overall.common.back.estimate;
}

/* Three significant digits of the estimate at the usual four decimals: a rate of 0.0006
 * needs two decimals more. A scale without a zero at its end has no small numbers. */
void mtp_build_precision(mtp_document *doc, const mtp_bundle *bundle)
{
    double size = mean_of(bundle);
    double more =
        bundle->measure->lower < 0.0 || !(size > 0.0) ? 0.0 : -2.0 - log10(size);

    doc->more = more <= 0.0 ? 0 : more >= MORE_MAX ? MORE_MAX : (int)ceil(more);
}

mtp_doc_cell mtp_build_natural(const mtp_document *doc, double value)
{
    mtp_doc_cell cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, value);

    cell.more = doc->more;
    return cell;
}

mtp_doc_cell mtp_build_natural_interval(const mtp_document *doc, double lower,
                                        double upper)
{
    mtp_doc_cell cell = mtp_doc_cell_pair(MTP_DOC_INTERVAL, lower, upper);

    cell.more = doc->more;
    return cell;
}

static void add_count(mtp_document *doc, size_t n, const char *what)
{
    mtp_doc_number(doc, MTP_DOC_COUNT, (double)n);
    mtp_doc_text(doc, "%s", what);
}

/* The query that made the table, or NULL. */
static const char *query_of(const mtp_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_options; i++) {
        if (strcmp(bundle->options[i].name, "query") == 0) {
            return bundle->options[i].value;
        }
    }
    return NULL;
}

static void add_rows(mtp_document *doc, const mtp_ledger *ledger)
{
    add_count(doc, ledger->rows, ledger->rows == 1 ? " row, " : " rows, ");
    add_count(doc, ledger->used, " used");
    if (ledger->filtered > 0) {
        mtp_doc_text(doc, ", ");
        add_count(doc, ledger->filtered, " filtered out");
    }
    if (ledger->n_excluded > 0) {
        mtp_doc_text(doc, ", ");
        add_count(doc, ledger->n_excluded, " excluded");
    }
}

void mtp_build_data(mtp_document *doc, const mtp_bundle *bundle)
{
    const char *query = query_of(bundle);

    mtp_doc_entry(doc, "Data");
    mtp_doc_text(doc, "%s%s: ", bundle->ledger.source ? bundle->ledger.source : "table",
                 query ? ", by the query below" : "");
    add_rows(doc, &bundle->ledger);
    if (query) {
        mtp_doc_entry(doc, "Query");
        mtp_doc_text(doc, "%s", query);
    }
}

void mtp_build_measure(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;

    mtp_doc_entry(doc, "Measure");
    mtp_doc_text(doc, "%s (%s)", measure->name, measure->code);
    if (mtp_view_has_back(measure)) {
        mtp_doc_text(
            doc, ", analysed on the %s scale, transformed back to %s by the %s",
            measure->scale, mtp_build_plural(doc, measure->natural), measure->inverse);
    } else {
        mtp_doc_text(doc, ", on the %s", mtp_build_scale(doc, measure));
    }
    if (measure->input == MTP_INPUT_EVENTS_TIME) {
        mtp_doc_text(doc, "; a rate is events per unit of person-time");
    }
    if (bundle->uncorrected) {
        mtp_doc_text(doc, "; small-sample bias not corrected (--correct no)");
    }
    if (bundle->vtype != MTP_VTYPE_LS) {
        mtp_doc_text(doc, "; sampling variances %s (--vtype %s)",
                     mtp_vtype_label(bundle->vtype), mtp_vtype_id(bundle->vtype));
    }
}

static void add_excluded(mtp_document *doc, const mtp_excluded *row)
{
    const char *label = mtp_arena_printf(doc->arena, "Row %zu", row->row);

    doc->failed = doc->failed || !label;
    mtp_doc_entry(doc, label);
    if (row->line > 0) {
        mtp_doc_text(doc, "line %zu, ", row->line);
    }
    if (row->study) {
        mtp_doc_text(doc, "%s: ", row->study);
    }
    mtp_doc_text(doc, "%s", row->reason ? row->reason : row->code);
}

void mtp_build_excluded(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_ledger *ledger = &bundle->ledger;
    size_t n = ledger->n_excluded;
    size_t shown = n > EXCLUDED_SHOWN ? EXCLUDED_SHOWN : n;

    if (n == 0) {
        return;
    }
    mtp_doc_heading(doc, "Excluded rows");
    mtp_doc_entries(doc);
    for (size_t i = 0; i < shown; i++) {
        add_excluded(doc, &ledger->excluded[i]);
    }
    if (n > shown) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "The first %zu of %zu; the JSON output lists all of them.",
                     shown, n);
    }
}

static bool same_origin(const mtp_study *a, const mtp_study *b)
{
    return a->origin && b->origin ? strcmp(a->origin, b->origin) == 0
                                  : a->origin == b->origin;
}

/* The studies that are made like study i, which is the first of them. */
static void add_origin(mtp_document *doc, const mtp_bundle *bundle, size_t i)
{
    const mtp_study *studies = bundle->studies;
    const char *label;
    size_t k = 0;

    for (size_t j = i; j < bundle->n_studies; j++) {
        k += same_origin(&studies[i], &studies[j]);
    }
    label = mtp_arena_printf(doc->arena, "%zu stud%s", k, k == 1 ? "y" : "ies");
    doc->failed = doc->failed || !label;
    mtp_doc_entry(doc, label);
    for (size_t j = i, shown = 0; j < bundle->n_studies && shown < EXCLUDED_SHOWN;
         j++) {
        if (same_origin(&studies[i], &studies[j])) {
            mtp_doc_text(doc, "%s%s", shown++ > 0 ? ", " : "", studies[j].name);
        }
    }
    mtp_doc_text(doc, "%s: %s", k > EXCLUDED_SHOWN ? " and others" : "",
                 studies[i].origin ? studies[i].origin : "raw data");
}

void mtp_build_origins(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_study *studies = bundle->studies;
    bool mixed = false;

    for (size_t i = 1; i < bundle->n_studies; i++) {
        mixed = mixed || !same_origin(&studies[0], &studies[i]);
    }
    if (!mixed) {
        return;
    }
    mtp_doc_heading(doc, "Effects are made of");
    mtp_doc_entries(doc);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        bool first = true;

        for (size_t j = 0; first && j < i; j++) {
            first = !same_origin(&studies[i], &studies[j]);
        }
        if (first) {
            add_origin(doc, bundle, i);
        }
    }
}

void mtp_build_notes(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_build_note_list(doc, "Notes", &bundle->notes);
}

void mtp_build_note_list(mtp_document *doc, const char *heading, const mtp_notes *notes)
{
    if (notes->count == 0) {
        return;
    }
    mtp_doc_heading(doc, "%s", heading);
    mtp_doc_notes(doc);
    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];

        mtp_doc_entry(doc, NULL);
        if (note->severity == MTP_WARNING) {
            mtp_doc_text(doc, "Warning: ");
        }
        if (note->row > 0) {
            mtp_doc_text(doc, "row %zu: ", note->row);
        }
        mtp_doc_text(doc, "%s", note->text);
    }
}

void mtp_build_test(mtp_document *doc, const char *label, const char *statistic,
                    const mtp_test *test)
{
    if (isnan(test->statistic)) {
        return;
    }
    mtp_doc_entry(doc, label);
    mtp_doc_text(doc, "%s ", test->is_f ? "F" : statistic);
    mtp_doc_number(doc, MTP_DOC_STATISTIC, test->statistic);
    mtp_doc_text(doc, ", df ");
    mtp_doc_number(doc, MTP_DOC_COUNT, test->df);
    if (test->is_f) {
        mtp_doc_text(doc, " and ");
        mtp_doc_number(doc, MTP_DOC_COUNT, test->df2);
    }
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, test->p, test->log_p));
}
