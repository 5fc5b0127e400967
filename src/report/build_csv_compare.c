/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as one flat table: a row for each analysis. */
#include "report/builders.h"
#include "report/view.h"

static const char *const columns[] = {"id",
                                      "method",
                                      "model",
                                      "tau2_method",
                                      "ci_method",
                                      "reference",
                                      "rank",
                                      "estimate",
                                      "se",
                                      "statistic",
                                      "df",
                                      "p",
                                      "log_p",
                                      "ci_lower",
                                      "ci_upper",
                                      "tau2",
                                      "I2",
                                      "Q",
                                      "natural_estimate",
                                      "natural_ci_lower",
                                      "natural_ci_upper",
                                      "conclusion",
                                      "flips",
                                      "reason"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* Then both limits by each prediction rule, on the natural scale. */
static const mtp_pi_method rules[] = {MTP_PI_WALD,  MTP_PI_V,     MTP_PI_HTS,
                                      MTP_PI_HK,    MTP_PI_HK_PR, MTP_PI_KR,
                                      MTP_PI_KR_PR, MTP_PI_NNF};
enum { RULES = sizeof rules / sizeof *rules };

static const char *limit_name(mtp_document *doc, mtp_pi_method rule, const char *limit)
{
    const char *name =
        mtp_arena_printf(doc->arena, "natural_pi_%s_%s", mtp_pi_id(rule), limit);

    doc->failed = doc->failed || !name;
    return name ? name : "";
}

static void begin_table(mtp_document *doc)
{
    mtp_doc_column column[COLUMNS + 2 * RULES];

    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = (mtp_doc_column){columns[i], columns[i], false, false};
    }
    for (size_t i = 0; i < 2 * RULES; i++) {
        const char *id = limit_name(doc, rules[i / 2], i % 2 == 0 ? "lower" : "upper");

        column[COLUMNS + i] = (mtp_doc_column){id, id, false, false};
    }
    mtp_doc_table(doc, COLUMNS + 2 * RULES, column);
}

static void add_number(mtp_doc_cell **at, double value)
{
    *(*at)++ = mtp_doc_cell_number(MTP_DOC_NUMBER, value);
}

static void add_text(mtp_doc_cell **at, const char *text)
{
    *(*at)++ = mtp_doc_cell_text(text);
}

static void add_predictions(mtp_doc_cell **at, const mtp_specification *row)
{
    for (size_t r = 0; r < RULES; r++) {
        double lower = MTP_NONE, upper = MTP_NONE;

        for (size_t p = 0; p < row->n_predictions; p++) {
            if (row->prediction[p].made.method == rules[r]) {
                lower = row->prediction[p].back_lower;
                upper = row->prediction[p].back_upper;
            }
        }
        add_number(at, lower);
        add_number(at, upper);
    }
}

static void add_row(mtp_document *doc, const mtp_comparison *c, size_t i)
{
    const mtp_specification *row = &c->row[i];
    const mtp_interval *interval = &row->interval;
    bool known = row->conclusion != MTP_CONCLUSION_NONE &&
                 c->row[c->reference].conclusion != MTP_CONCLUSION_NONE;
    mtp_doc_cell *at = mtp_doc_row_new(doc);

    add_number(&at, (double)i + 1.0);
    add_text(&at, mtp_method_id(row->method));
    add_text(&at, row->model);
    add_text(&at, mtp_tau2_id(row->tau2));
    add_text(&at, mtp_ci_id(row->ci));
    add_text(&at, i == c->reference ? "true" : "false");
    add_number(&at, row->rank > 0 ? (double)row->rank : MTP_NONE);
    add_number(&at, row->estimate);
    add_number(&at, interval->se);
    add_number(&at, interval->statistic);
    add_number(&at, interval->df);
    add_number(&at, interval->p);
    add_number(&at, interval->log_p);
    add_number(&at, interval->lower);
    add_number(&at, interval->upper);
    add_number(&at, row->tau2_value);
    add_number(&at, row->I2);
    add_number(&at, row->Q);
    add_number(&at, row->back.estimate);
    add_number(&at, row->back.ci_lower);
    add_number(&at, row->back.ci_upper);
    add_text(&at, row->conclusion == MTP_CONCLUSION_NONE
                      ? NULL
                      : mtp_conclusion_id(row->conclusion));
    add_text(&at, !known ? NULL : row->flips ? "true" : "false");
    add_text(&at, row->reason);
    add_predictions(&at, row);
}

void mtp_build_csv_compare(mtp_document *doc, const mtp_comparison *comparison)
{
    begin_table(doc);
    for (size_t i = 0; i < comparison->n; i++) {
        add_row(doc, comparison, i);
    }
}
