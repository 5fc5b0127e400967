/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mantel-Haenszel and Peto: the sums over the tables, and the tests of association. */
#include "core/number.h"
#include "explain/work.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 16 };

/* A measure's columns after the cells, and its mean and standard error. */
typedef struct method {
    mtp_measure measure;
    const char *column[6][2]; /* name (or NULL), formula */
    const char *mean, *se;
} method;

#define COUNTS_N                                                                       \
    {                                                                                  \
        "N_i", "a_i + b_i + c_i + d_i"                                                 \
    }
#define RATES_N                                                                        \
    {                                                                                  \
        "N_i", "t1_i + t2_i"                                                           \
    }

static const method methods[] = {
    {MTP_OR,
     {COUNTS_N,
      {"R_i", "a_i * d_i / N_i"},
      {"S_i", "b_i * c_i / N_i"},
      {NULL, "(a_i + d_i) / N_i * R_i"},
      {NULL, "(a_i + d_i) / N_i * S_i + (b_i + c_i) / N_i * R_i"},
      {NULL, "(b_i + c_i) / N_i * S_i"}},
     "ln(sum(R_i) / sum(S_i))",
     "sqrt((sum((a_i + d_i) / N_i * R_i) / sum(R_i)^2 + "
     "sum((a_i + d_i) / N_i * S_i + (b_i + c_i) / N_i * R_i) / (sum(R_i) * sum(S_i)) + "
     "sum((b_i + c_i) / N_i * S_i) / sum(S_i)^2) / 2)"},
    {MTP_RR,
     {COUNTS_N,
      {"R_i", "a_i * (c_i + d_i) / N_i"},
      {"S_i", "c_i * (a_i + b_i) / N_i"},
      {NULL, "(a_i * d_i * (a_i + b_i) + b_i * c_i * (c_i + d_i)) / N_i^2"}},
     "ln(sum(R_i) / sum(S_i))",
     "sqrt(sum((a_i * d_i * (a_i + b_i) + b_i * c_i * (c_i + d_i)) / N_i^2) / "
     "(sum(R_i) * sum(S_i)))"},
    {MTP_RD,
     {COUNTS_N,
      {"R_i", "a_i * d_i / N_i"},
      {"S_i", "b_i * c_i / N_i"},
      {"W_i", "(a_i + b_i) * (c_i + d_i) / N_i"},
      {"K_i",
       "((a_i + b_i)^2 * c_i - (c_i + d_i)^2 * a_i + (a_i + b_i) * (c_i + d_i) * "
       "(c_i + d_i - a_i - b_i) / 2) / N_i^2"}},
     "(sum(R_i) - sum(S_i)) / sum(W_i)",
     "sqrt(mu_c * sum(K_i) + (sum(R_i) + sum(S_i)) / 2) / sum(W_i)"},
    {MTP_IRR,
     {RATES_N,
      {"R_i", "a_i * t2_i / N_i"},
      {"S_i", "c_i * t1_i / N_i"},
      {NULL, "(a_i + c_i) * t1_i * t2_i / N_i^2"}},
     "ln(sum(R_i) / sum(S_i))",
     "sqrt(sum((a_i + c_i) * t1_i * t2_i / N_i^2) / (sum(R_i) * sum(S_i)))"},
    {MTP_IRD,
     {RATES_N,
      {"R_i", "a_i * t2_i / N_i"},
      {"S_i", "c_i * t1_i / N_i"},
      {"W_i", "t1_i * t2_i / N_i"},
      {NULL, "(a_i * t2_i^2 + c_i * t1_i^2) / N_i^2"}},
     "(sum(R_i) - sum(S_i)) / sum(W_i)",
     "sqrt(sum((a_i * t2_i^2 + c_i * t1_i^2) / N_i^2)) / sum(W_i)"},
    {MTP_PETO, {COUNTS_N}, "sum(O_i) / sum(V_i)", "sqrt(1 / sum(V_i))"},
};

static const method *method_of(mtp_measure measure)
{
    size_t i = 0;

    while (methods[i].measure != measure) {
        i++;
    }
    return &methods[i];
}

/* The tables as they enter the sums, cell by cell. */
typedef struct cells {
    bool rates;
    size_t k;
    double *x[4];
} cells;

static double raw_of(const mtp_bundle *b, const mtp_study *study, mtp_role role)
{
    for (size_t r = 0; r < b->n_raw; r++) {
        if (b->raw_role[r] == role) {
            return study->raw[r];
        }
    }
    return (double)NAN;
}

static bool has_empty(const cells *t, size_t i)
{
    return t->x[0][i] == 0.0 || t->x[1][i] == 0.0 || t->x[2][i] == 0.0 ||
           t->x[3][i] == 0.0;
}

/* --mh-add, by the rule of --to. */
static void add(const mtp_explain_work *work, cells *t)
{
    const mtp_pool_options *options = &work->bundle->pool->options;
    bool all = options->mh_to == MTP_ADD_ALL;

    for (size_t i = 0; i < t->k && options->mh_to == MTP_ADD_IF0ALL; i++) {
        all = all || has_empty(t, i);
    }
    for (size_t i = 0; i < t->k; i++) {
        bool named = all || (options->mh_to == MTP_ADD_ONLY0 && has_empty(t, i));

        for (int c = 0; named && c < 4; c += t->rates ? 2 : 1) {
            t->x[c][i] += options->mh_add;
        }
    }
}

static bool read_cells(mtp_explain_work *work, const mtp_explain_set *set, cells *t)
{
    const mtp_bundle *b = work->bundle;

    t->rates = b->measure->input == MTP_INPUT_TWO_EVENTS_TIME;
    t->k = set->k;
    for (int c = 0; c < 4; c++) {
        t->x[c] = MTP_ARENA_ARRAY(work->s->arena, set->k, double);
        if (!t->x[c]) {
            work->s->failed = true;
            return false;
        }
    }
    for (size_t i = 0; i < set->k; i++) {
        const mtp_study *study = &b->studies[set->index[i]];

        t->x[0][i] = raw_of(b, study, MTP_ROLE_EVENTS1);
        t->x[2][i] = raw_of(b, study, MTP_ROLE_EVENTS2);
        t->x[1][i] = t->rates ? raw_of(b, study, MTP_ROLE_TIME1)
                              : raw_of(b, study, MTP_ROLE_N1) - t->x[0][i];
        t->x[3][i] = t->rates ? raw_of(b, study, MTP_ROLE_TIME2)
                              : raw_of(b, study, MTP_ROLE_N2) - t->x[2][i];
    }
    if (b->pool->options.mh_add > 0.0) {
        add(work, t);
    }
    return true;
}

static size_t put_cells(const cells *t, mtp_solution_column column[])
{
    static const char *const counts[] = {"a_i", "b_i", "c_i", "d_i"};
    static const char *const rates[] = {"a_i", "t1_i", "c_i", "t2_i"};

    for (int c = 0; c < 4; c++) {
        column[c] = (mtp_solution_column){.name = t->rates ? rates[c] : counts[c],
                                          .values = t->x[c]};
    }
    return 4;
}

/* Observed less expected events of group 1, and their variance. */
static size_t put_scores(const cells *t, mtp_solution_column column[], size_t n)
{
    column[n++] =
        (mtp_solution_column){.name = "O_i",
                              .formula = t->rates ? "(a_i * t2_i - c_i * t1_i) / N_i"
                                                  : "(a_i * d_i - b_i * c_i) / N_i",
                              .total = true};
    column[n++] = (mtp_solution_column){
        .name = "V_i",
        .formula = t->rates ? "(a_i + c_i) * t1_i * t2_i / N_i^2"
                            : "(a_i + b_i) * (c_i + d_i) * (a_i + c_i) * (b_i + d_i) / "
                              "(N_i^2 * (N_i - 1))",
        .total = true};
    return n;
}

static void put_test(mtp_solution *s, const char *name, const char *formula,
                     const mtp_test *test)
{
    const char *p = mtp_arena_printf(s->arena, "p_%s", name);
    const char *tail = mtp_arena_printf(s->arena, "upper_chi2(%s, 1)", name);

    if (!isnan(test->statistic) && p && tail) {
        (void)mtp_solution_line(s, name, formula, test->statistic);
        (void)mtp_solution_line(s, p, tail, test->p);
    }
}

/* Breslow and Day: a against what the margins and the common odds ratio make of it. */
static void equal_odds_ratios(mtp_explain_work *work, const cells *t,
                              const mtp_test *test, const mtp_test *tarone)
{
    mtp_solution *s = work->s;
    mtp_solution_column column[COLUMNS];
    size_t n = put_cells(t, column);

    for (size_t i = 0; i < t->k; i++) {
        if (t->x[0][i] + t->x[2][i] == 0.0 || t->x[1][i] + t->x[3][i] == 0.0) {
            return; /* which is not among the tables of the test */
        }
    }
    if (isnan(test->statistic) || t->k < 2) {
        return;
    }
    mtp_solution_heading(s, 3, "Equal odds ratios: Breslow and Day");
    mtp_solution_text(s, "`A_i` is the count that the margins and the odds ratio `psi` "
                         "make of `a_i`.");
    (void)mtp_solution_line(s, "psi", "exp(mu_c)", (double)NAN);
    column[n++] = (mtp_solution_column){
        .name = "L_i",
        .formula = "psi * (a_i + b_i + a_i + c_i) + (c_i + d_i) - (a_i + c_i)"};
    column[n++] = (mtp_solution_column){
        .name = "A_i",
        .formula =
            "2 * psi * (a_i + b_i) * (a_i + c_i) / (L_i + sqrt(L_i^2 - 4 * psi * "
            "(psi - 1) * (a_i + b_i) * (a_i + c_i)))"};
    column[n++] = (mtp_solution_column){
        .name = "V_i",
        .formula = "1 / (1 / A_i + 1 / (a_i + b_i - A_i) + 1 / (a_i + c_i - A_i) + "
                   "1 / (d_i - a_i + A_i))",
        .total = true};
    column[n++] =
        (mtp_solution_column){.formula = "(a_i - A_i)^2 / V_i", .total = true};
    column[n++] = (mtp_solution_column){.formula = "a_i - A_i", .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "BD", "sum((a_i - A_i)^2 / V_i)", test->statistic);
    (void)mtp_solution_line(s, "df_BD", "k - 1", test->df);
    (void)mtp_solution_line(s, "p_BD", "upper_chi2(BD, df_BD)", test->p);
    mtp_solution_text(s, "Tarone's correction, for `psi` is not the most likely odds "
                         "ratio:");
    (void)mtp_solution_line(s, "BDT", "max(0, BD - sum(a_i - A_i)^2 / sum(V_i))",
                            tarone->statistic);
    (void)mtp_solution_line(s, "p_BDT", "upper_chi2(BDT, df_BD)", tarone->p);
}

void mtp_explain_stratified(mtp_explain_work *work, const mtp_explain_set *set)
{
    const method *m = method_of(work->bundle->measure->measure);
    const mtp_estimate *common = &set->pooled->common;
    mtp_solution *s = work->s;
    mtp_solution_column column[COLUMNS];
    cells t;
    size_t n;

    if (!read_cells(work, set, &t)) {
        return;
    }
    mtp_solution_text(s,
                      "The mean is made of the tables themselves, without their "
                      "effects: %s.",
                      t.rates ? "a events in the time `t1` of group 1, c in `t2` of "
                                "group 2"
                              : "a events and b others in group 1, c and d in group 2");
    if (work->bundle->pool->options.mh_add > 0.0) {
        mtp_solution_text(
            s, "%s is added to the cells that --to names.",
            mtp_number_brief(work->bundle->pool->options.mh_add, 15).text);
    }
    n = put_cells(&t, column);
    for (size_t c = 0; c < 6 && m->column[c][1]; c++) {
        column[n++] = (mtp_solution_column){
            .name = m->column[c][0], .formula = m->column[c][1], .total = c > 0};
    }
    n = put_scores(&t, column, n);
    mtp_solution_table(s, n, column);
    mtp_solution_given(s, "k", (double)set->k);
    if (isnan(common->estimate)) {
        mtp_solution_text(s, "One of the sums is 0: there is no finite mean.");
        return;
    }
    (void)mtp_solution_line(s, "mu_c", m->mean, common->estimate);
    (void)mtp_solution_line(s, "se_c", m->se, common->ci.se);
}

void mtp_explain_stratified_tests(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_stratified *tests = set->pooled->stratified;
    mtp_solution *s = work->s;
    cells t;

    if (!tests || isnan(tests->cmh.statistic) || !read_cells(work, set, &t)) {
        return;
    }
    mtp_solution_heading(s, 3, "Association");
    put_test(s, "CMH", "max(0, abs(sum(O_i)) - 0.5)^2 / sum(V_i)", &tests->cmh);
    put_test(s, "CMH_u", "sum(O_i)^2 / sum(V_i)", &tests->cmh_uncorrected);
    equal_odds_ratios(work, &t, &tests->breslow_day, &tests->tarone);
}
