/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity as one table: a row for each fit, study or point, and the columns of the
 * analyses that were asked for. */
#include "report/builders.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

#include <string.h>

#define BIT(analysis) (1u << MTP_SENSITIVITY_##analysis)

enum {
    ONE = BIT(LEAVE_ONE_OUT),
    TWO = BIT(LEAVE_TWO_OUT),
    CUMULATIVE = BIT(CUMULATIVE),
    FITS = ONE | TWO | CUMULATIVE,
    INFLUENCE = BIT(INFLUENCE),
    POINTS = BIT(BAUJAT) | BIT(RADIAL),
    GOSH = BIT(GOSH),
    FRAGILITY = BIT(FRAGILITY),
    BLUP = BIT(BLUP),
    ESTIMATES = FITS | FRAGILITY,
    REGRESSION = 1 << MTP_SENSITIVITY_COUNT, /* leave-one-out of coefficients */
    SEVERAL = REGRESSION << 1,               /* analyses are in the table */
    ALWAYS = SEVERAL << 1,
};

/* The columns in their order, and what has them. */
static const struct {
    const char *id;
    unsigned of;
} known[] = {{"analysis", SEVERAL},
             {"study", ALWAYS},
             {"study2", TWO},
             {"order", CUMULATIVE},
             {"term", REGRESSION},
             {"group", FRAGILITY},
             {"by", FRAGILITY},
             {"events", FRAGILITY},
             {"k", FITS},
             {"fitted", BLUP},
             {"shrinkage", BLUP},
             {"estimate", ESTIMATES | REGRESSION | BLUP},
             {"se", ESTIMATES | REGRESSION | BLUP},
             {"ci_lower", ESTIMATES},
             {"ci_upper", ESTIMATES},
             {"pi_lower", ESTIMATES},
             {"pi_upper", ESTIMATES},
             {"statistic", ESTIMATES},
             {"df", ESTIMATES},
             {"p", ESTIMATES},
             {"log_p", ESTIMATES},
             {"natural_estimate", ESTIMATES | BLUP},
             {"natural_ci_lower", ESTIMATES},
             {"natural_ci_upper", ESTIMATES},
             {"natural_pi_lower", ESTIMATES},
             {"natural_pi_upper", ESTIMATES},
             {"lower", BLUP},
             {"upper", BLUP},
             {"natural_lower", BLUP},
             {"natural_upper", BLUP},
             {"random", BLUP},
             {"random_se", BLUP},
             {"random_lower", BLUP},
             {"random_upper", BLUP},
             {"Q", FITS | REGRESSION},
             {"Q_df", FITS},
             {"Q_p", FITS},
             {"tau2", FITS | REGRESSION},
             {"I2", FITS},
             {"H2", FITS},
             {"I2_Q", FITS},
             {"rstudent", INFLUENCE},
             {"dffits", INFLUENCE},
             {"cooks_d", INFLUENCE},
             {"cov_r", INFLUENCE},
             {"tau2_del", INFLUENCE},
             {"Q_del", INFLUENCE},
             {"hat", INFLUENCE},
             {"weight", INFLUENCE},
             {"influential", INFLUENCE},
             {"rules", INFLUENCE},
             {"x", POINTS},
             {"y", BIT(BAUJAT)},
             {"z", BIT(RADIAL)},
             {"with_n", GOSH},
             {"with_estimate", GOSH},
             {"with_estimate_sd", GOSH},
             {"with_tau2", GOSH},
             {"with_I2", GOSH},
             {"without_n", GOSH},
             {"without_estimate", GOSH},
             {"without_estimate_sd", GOSH},
             {"without_tau2", GOSH},
             {"without_I2", GOSH}};

enum { KNOWN = sizeof known / sizeof *known };

_Static_assert((int)KNOWN <= (int)MTP_DOC_COLUMNS_MAX, "the columns fit into a table");

typedef struct table {
    mtp_document *doc;
    const mtp_bundle *bundle;
    size_t n;
    const char *id[KNOWN];
    mtp_doc_cell *row;
} table;

static void begin(table *t)
{
    unsigned made = t->bundle->sensitivity->made, has = made | ALWAYS;
    mtp_doc_column column[KNOWN];

    if (t->bundle->regression && (made & ONE)) {
        has = (has & ~(unsigned)ONE) | REGRESSION;
    }
    if (made & (made - 1)) {
        has |= SEVERAL;
    }
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].of & has) {
            t->id[t->n] = known[i].id;
            column[t->n++] = (mtp_doc_column){known[i].id, known[i].id, false, false};
        }
    }
    mtp_doc_table(t->doc, t->n, column);
}

static mtp_doc_cell *cell_of(table *t, const char *id)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->id[i], id) == 0) {
            return &t->row[i];
        }
    }
    return NULL;
}

static void put_text(table *t, const char *id, const char *text)
{
    mtp_doc_cell *cell = cell_of(t, id);

    if (cell) {
        *cell = mtp_doc_cell_text(text);
    }
}

static void put(table *t, const char *id, double value)
{
    mtp_doc_cell *cell = cell_of(t, id);

    if (cell) {
        *cell = mtp_doc_cell_number(MTP_DOC_NUMBER, value);
    }
}

static void new_row(table *t, mtp_sensitivity analysis, const char *study)
{
    t->row = mtp_doc_row_new(t->doc);
    put_text(t, "analysis", mtp_sensitivity_id(analysis));
    put_text(t, "study", study);
}

static void put_estimate(table *t, const mtp_subset_estimate *e)
{
    put(t, "estimate", e->estimate);
    put(t, "se", e->se);
    put(t, "ci_lower", e->ci_lower);
    put(t, "ci_upper", e->ci_upper);
    put(t, "pi_lower", e->pi_lower);
    put(t, "pi_upper", e->pi_upper);
    put(t, "statistic", e->statistic);
    put(t, "df", e->df);
    put(t, "p", e->p);
    put(t, "log_p", e->log_p);
    put(t, "natural_estimate", e->back.estimate);
    put(t, "natural_ci_lower", e->back.ci_lower);
    put(t, "natural_ci_upper", e->back.ci_upper);
    put(t, "natural_pi_lower", e->back.pi_lower);
    put(t, "natural_pi_upper", e->back.pi_upper);
}

static void put_fit(table *t, const mtp_subset_fit *fit)
{
    put(t, "k", (double)fit->k);
    put_estimate(t, mtp_view_told(t->bundle, fit));
    put(t, "Q", fit->Q);
    put(t, "Q_df", fit->df);
    put(t, "Q_p", fit->Q_p);
    put(t, "tau2", fit->tau2);
    put(t, "I2", fit->I2);
    put(t, "H2", fit->H2);
    put(t, "I2_Q", fit->I2_Q);
}

static void add_leave_one_out(table *t)
{
    const mtp_subset_fits *fits = t->bundle->sensitivity->leave_one_out;

    for (size_t i = 0; fits && i < fits->n; i++) {
        new_row(t, MTP_SENSITIVITY_LEAVE_ONE_OUT, mtp_view_left_out(t->bundle, i));
        put_fit(t, &fits->fit[i]);
    }
}

static void add_coefficients(table *t)
{
    const mtp_influence_result *r = t->bundle->sensitivity->influence;
    const mtp_regression *regression = t->bundle->regression;

    if (!regression || !(t->bundle->sensitivity->made & ONE)) {
        return;
    }
    for (size_t i = 0; i < r->k; i++) {
        for (size_t c = 0; c < r->p; c++) {
            new_row(t, MTP_SENSITIVITY_LEAVE_ONE_OUT, t->bundle->studies[i].name);
            put_text(t, "term", regression->fit->coefficient[c].name);
            put(t, "estimate", r->study[i].estimate_del[c]);
            put(t, "se", r->study[i].se_del[c]);
            put(t, "Q", r->study[i].Q_del);
            put(t, "tau2", r->study[i].tau2_del);
        }
    }
}

static void add_leave_two_out(table *t)
{
    const mtp_subset_fits *fits = t->bundle->sensitivity->leave_two_out;

    for (size_t i = 0; fits && i < fits->n; i++) {
        new_row(t, MTP_SENSITIVITY_LEAVE_TWO_OUT,
                t->bundle->studies[fits->pair[2 * i]].name);
        put_text(t, "study2", t->bundle->studies[fits->pair[2 * i + 1]].name);
        put_fit(t, &fits->fit[i]);
    }
}

/* The study is the last that entered. */
static void add_cumulative(table *t)
{
    const mtp_sensitivity_analysis *s = t->bundle->sensitivity;

    for (size_t i = 0; s->cumulative && i < s->cumulative->n; i++) {
        size_t last = mtp_view_entering(t->bundle, i, 0), next = last;

        while (next < t->bundle->n_studies) {
            last = next;
            next = mtp_view_entering(t->bundle, i, last + 1);
        }
        new_row(t, MTP_SENSITIVITY_CUMULATIVE, t->bundle->studies[last].name);
        put_text(t, "order", s->order_name[i]);
        put_fit(t, &s->cumulative->fit[i]);
    }
}

/* "dffits hat": the rules that a study meets. */
static const char *rules_met(table *t, const mtp_study_influence *s)
{
    const char *text = "";

    for (int rule = 0; text && rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        if (s->flags & (1u << rule)) {
            text = mtp_arena_printf(t->doc->arena, "%s%s%s", text, *text ? " " : "",
                                    mtp_influence_rule_id((mtp_influence_rule)rule));
        }
    }
    t->doc->failed = t->doc->failed || !text;
    return text && *text ? text : NULL;
}

static void put_influence(table *t, const mtp_study_influence *s)
{
    put(t, "rstudent", s->rstudent);
    put(t, "dffits", s->dffits);
    put(t, "cooks_d", s->cooks_d);
    put(t, "cov_r", s->cov_r);
    put(t, "tau2_del", s->tau2_del);
    put(t, "Q_del", s->Q_del);
    put(t, "hat", s->hat);
    put(t, "weight", s->weight);
    put(t, "influential", s->influential ? 1.0 : 0.0);
    put_text(t, "rules", rules_met(t, s));
}

/* Influence, and points of plots. */
static void add_studies(table *t, mtp_sensitivity analysis)
{
    const mtp_influence_result *r = t->bundle->sensitivity->influence;

    if (!(t->bundle->sensitivity->made & (1u << analysis))) {
        return;
    }
    for (size_t i = 0; i < r->k; i++) {
        const mtp_study_influence *s = &r->study[i];

        new_row(t, analysis, t->bundle->studies[i].name);
        if (analysis == MTP_SENSITIVITY_INFLUENCE) {
            put_influence(t, s);
        } else if (analysis == MTP_SENSITIVITY_BAUJAT) {
            put(t, "x", s->baujat_x);
            put(t, "y", s->baujat_y);
        } else {
            put(t, "x", s->radial_x);
            put(t, "z", s->radial_z);
        }
    }
}

static void add_gosh(table *t)
{
    const mtp_gosh_result *gosh = t->bundle->sensitivity->gosh;

    for (size_t i = 0; gosh && i < gosh->k; i++) {
        const mtp_gosh_mean *with = &gosh->with[i], *without = &gosh->without[i];

        new_row(t, MTP_SENSITIVITY_GOSH, t->bundle->studies[i].name);
        put(t, "with_n", (double)with->n);
        put(t, "with_estimate", with->estimate);
        put(t, "with_estimate_sd", with->estimate_sd);
        put(t, "with_tau2", with->tau2);
        put(t, "with_I2", with->I2);
        put(t, "without_n", (double)without->n);
        put(t, "without_estimate", without->estimate);
        put(t, "without_estimate_sd", without->estimate_sd);
        put(t, "without_tau2", without->tau2);
        put(t, "without_I2", without->I2);
    }
}

/* A row a change, in their order. */
static void add_fragility(table *t)
{
    const mtp_fragility_result *f = t->bundle->sensitivity->fragility;

    for (size_t i = 0; f && i < f->n_changes; i++) {
        const mtp_fragility_change *change = &f->change[i];

        new_row(t, MTP_SENSITIVITY_FRAGILITY, t->bundle->studies[change->study].name);
        put(t, "group", change->group);
        put(t, "by", change->by);
        put(t, "events", change->events);
        put_estimate(t, &change->estimate);
    }
}

static void add_blup(table *t)
{
    const mtp_blup_result *blup = t->bundle->sensitivity->blup;

    for (size_t i = 0; blup && i < blup->k; i++) {
        const mtp_blup *b = &blup->study[i];

        new_row(t, MTP_SENSITIVITY_BLUP, t->bundle->studies[i].name);
        put(t, "fitted", b->fitted);
        put(t, "shrinkage", b->shrinkage);
        put(t, "estimate", b->estimate);
        put(t, "se", b->se);
        put(t, "lower", b->lower);
        put(t, "upper", b->upper);
        put(t, "natural_estimate", b->back.estimate);
        put(t, "natural_lower", b->back.lower);
        put(t, "natural_upper", b->back.upper);
        put(t, "random", b->random);
        put(t, "random_se", b->random_se);
        put(t, "random_lower", b->random_lower);
        put(t, "random_upper", b->random_upper);
    }
}

void mtp_build_sensitivity_csv(mtp_document *doc, const mtp_bundle *bundle)
{
    table t = {.doc = doc, .bundle = bundle};

    begin(&t);
    add_leave_one_out(&t);
    add_coefficients(&t);
    add_leave_two_out(&t);
    add_cumulative(&t);
    add_studies(&t, MTP_SENSITIVITY_INFLUENCE);
    add_studies(&t, MTP_SENSITIVITY_BAUJAT);
    add_studies(&t, MTP_SENSITIVITY_RADIAL);
    add_gosh(&t);
    add_fragility(&t);
    add_blup(&t);
}
