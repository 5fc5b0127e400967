/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of group 1 given those of both, exactly: a sum over all tables with the
 * same margins, at each value of the random effect. */
#include "explain/mixed.h"
#include "models/glmm_hypergeometric_internal.h"

#include <math.h>

/* Over the tables, X_i events of group 1: t_i is the probability of a table by that of
 * the one that was seen, at the log odds ratio e. */
#define TABLES                                                                         \
    {                                                                                  \
        {.name = "X_i"}, {.name = "d_i", .formula = "X_i - x1"},                       \
            {.name = "c_i",                                                            \
             .formula = "sumln(n1 - X_i + 1, d_i) - sumln(x1 + 1, d_i) + "             \
                        "sumln(s - X_i + 1, d_i) - sumln(n2 - x2 + 1, d_i)"},          \
            {.name = "t_i", .formula = "exp(c_i + d_i * e)", .total = true},           \
            {.formula = "t_i * d_i", .total = true},                                   \
            {.formula = "t_i * d_i^2", .total = true},                                 \
    }
#define MOMENTS                                                                        \
    {"D", "sum(t_i)"}, {"M", "sum(t_i * d_i) / sum(t_i)"},                             \
    {                                                                                  \
        "V", "sum(t_i * d_i^2) / sum(t_i) - M^2"                                       \
    }

static const mtp_law at_z = {.over = "X_i",
                             .before = {{"e", "mu + tau * z"}},
                             .table = {TABLES},
                             .line = {MOMENTS}};
static const mtp_law at_mean = {.over = "X_i",
                                .before = {{"e", "mu_c"}},
                                .table = {TABLES},
                                .line = {MOMENTS, {"ell", "-ln(D)"}}};
/* at a study's own estimate M is 0 */
static const mtp_law at_own = {.over = "X_i",
                               .before = {{"e", "l"}},
                               .table = {TABLES},
                               .line = {{"D", "sum(t_i)"},
                                        {"w", "sum(t_i * d_i^2) / sum(t_i)"},
                                        {"ell", "-ln(D)"}}};

static const mtp_law over_z = {
    .over = "z_i",
    .before = {{"s", "x1 + x2"}},
    .table = {{{.name = "z_i"},
               {.name = "D_i"},
               {.name = "M_i"},
               {.name = "f_i", .formula = "phi(z_i) / D_i", .total = true},
               {.name = "r_i", .formula = "-M_i"},
               MTP_MIXED_FIRST_SUMS},
              {{.name = "z_i"},
               {.name = "V_i"},
               {.name = "f_i"},
               {.name = "r_i"},
               {.name = "u_i", .formula = "r_i^2 - V_i"},
               MTP_MIXED_SECOND_SUMS}},
    .line = {MTP_MIXED_FIRST_LINES, MTP_MIXED_SECOND_LINES},
    .mode = {{"R_0", "-tau * M"}, {"s_0", "1 / sqrt(1 + tau^2 * V)"}}};

static mtp_hyper_study study_of(const double datum[])
{
    mtp_hyper_study study = {
        .x = datum[0], .n1 = datum[1], .n2 = datum[3], .times = 1.0};

    study.s = datum[0] + datum[2];
    study.lowest = fmax(0.0, study.s - study.n2);
    study.highest = fmin(study.s, study.n1);
    return study;
}

static mtp_hyper_study study_at(const mtp_mixed *m, size_t i)
{
    const double datum[] = {m->datum[0][i], m->datum[1][i], m->datum[2][i],
                            m->datum[3][i]};

    return study_of(datum);
}

static bool has_choice(const mtp_mixed *m, const double datum[])
{
    mtp_hyper_study study = study_of(datum);

    (void)m;
    return study.lowest < study.highest;
}

static double log_density(const mtp_mixed *m, size_t i, double z)
{
    mtp_hyper_study study = study_at(m, i);
    mtp_hyper_point at;

    mtp_hyper_at(&study, m->mu + m->tau * z, &at);
    return at.log_p - 0.5 * z * z;
}

/* The log of the probability of x + 1 by that of x. */
static double log_ratio(const mtp_hyper_study *of, double x, double e)
{
    return log((of->n1 - x) / (x + 1.0) * ((of->s - x) / (of->n2 - of->s + x + 1.0))) +
           e;
}

/* The tables that count at the log odds ratio e. */
static size_t tables_at(const mtp_hyper_study *of, double e,
                        double value[MTP_NODES_MAX])
{
    static const double NEGLIGIBLE = 36.0; /* e^-36 = 2e-16 */
    double mode = of->x, low, high, fall;
    size_t n = 0;

    while (mode < of->highest && log_ratio(of, mode, e) > 0.0) {
        mode++;
    }
    while (mode > of->lowest && log_ratio(of, mode - 1.0, e) < 0.0) {
        mode--;
    }
    low = high = mode;
    for (fall = 0.0; high < of->highest && fall < NEGLIGIBLE; high++) {
        fall -= log_ratio(of, high, e);
    }
    for (fall = 0.0; low > of->lowest && fall < NEGLIGIBLE; low--) {
        fall += log_ratio(of, low - 1.0, e);
    }
    for (; low <= high && n < MTP_NODES_MAX; low++) {
        value[n++] = low;
    }
    return n;
}

static size_t tables_at_z(const mtp_mixed *m, size_t i, double z, double *step,
                          double value[MTP_NODES_MAX])
{
    mtp_hyper_study study = study_at(m, i);

    *step = 1.0;
    return tables_at(&study, m->mu + m->tau * z, value);
}

/* A law over a study's tables at a log odds ratio, shown or into `line`. */
static void study_tables(const mtp_mixed *m, size_t i, const mtp_law *law, double e,
                         bool shown, mtp_figure line[MTP_LAW_LINES])
{
    mtp_solution *s = m->s;
    mtp_hyper_study study = study_at(m, i);
    double *value = MTP_ARENA_ARRAY(s->arena, MTP_NODES_MAX, double);
    size_t mark = s->scope.n, n;

    if (!value) {
        s->failed = true;
        return;
    }
    n = tables_at(&study, e, value);
    if (shown) {
        mtp_solution_heading(s, 3, "%s", m->label[i]);
    }
    mtp_mixed_give(m, i, shown);
    if (law == &at_own) {
        if (shown) {
            mtp_solution_given(s, "l", e);
        }
        mtp_solution_know(s, "l", e);
    }
    mtp_law_begin(s, m->law, shown);
    mtp_law_begin(s, law, shown);
    if (shown) {
        mtp_law_show(s, law, n, value);
    } else {
        (void)mtp_law_evaluate(s, law, n, value, line);
    }
    s->scope.n = mark;
}

static void common_effect(mtp_mixed *m)
{
    const mtp_estimate *common = &m->set->pooled->common;
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);
    double *room = MTP_ARENA_ARRAY(s->arena, 3 * m->k, double);

    mtp_solution_text(
        s,
        "Given the events of both groups, `s`, those of group 1 follow Fisher's "
        "non-central hypergeometric distribution: over all tables with the same "
        "margins, with `X_i` events in group 1, `t_i` is the probability of a table "
        "by that of the one that was seen, at the log odds ratio e. So 1 / D is the "
        "likelihood, M the mean and V the variance of `d_i`. `sumln(c, m)` is ln(c) + "
        "ln(c + 1) + ..., m terms; for m below 0 it is -ln(c - 1) - ln(c - 2) - ..., "
        "as many terms. `mu_c` is found by search: with it the events of group 1 "
        "are as many as expected, and the sum of M is 0.");
    if (isnan(common->estimate) || !room) {
        mtp_solution_text(s, "All studies point to the same end: there is no finite "
                             "mean.");
        return;
    }
    mtp_solution_given(s, "mu_c", common->estimate);
    mtp_solution_know(s, "mu_c", common->estimate);
    for (size_t i = 0; i < m->k && !s->failed; i++) {
        mtp_figure line[MTP_LAW_LINES];

        if (mtp_mixed_is_worked(m, i)) {
            study_tables(m, i, &at_mean, common->estimate, true, NULL);
        }
        study_tables(m, i, &at_mean, common->estimate, false, line);
        for (size_t l = 0; l < 3; l++) {
            room[l * m->k + i] = line[l + 1].value;
        }
    }
    mtp_solution_heading(s, 3, "All studies");
    column[n++] = (mtp_solution_column){.name = "M_i", .values = room, .total = true};
    column[n++] =
        (mtp_solution_column){.name = "V_i", .values = room + m->k, .total = true};
    column[n++] = (mtp_solution_column){
        .name = "ell_i", .values = room + 2 * m->k, .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_mixed_is_zero(m, "the sum of M", room, NULL);
    (void)mtp_solution_line(s, "ll_c", "sum(ell_i)", (double)NAN);
    (void)mtp_solution_line(s, "se_c", "1 / sqrt(sum(V_i))", common->ci.se);
    mtp_mixed_common(m, NULL);
}

/* The studies' own estimates, each where the events are as many as expected; where they
 * are at an end of what is possible there is none, and the likelihood is 1. */
static void work_tests(const mtp_mixed *m)
{
    const mtp_heterogeneity *h = &m->set->pooled->heterogeneity;
    mtp_solution *s = m->s;
    double *room = MTP_ARENA_ARRAY(s->arena, 3 * m->k, double), top = 0.0, bottom = 0.0;
    double *l = room, *w = room + m->k, *ell = room + 2 * m->k;
    const char **label = MTP_ARENA_ARRAY(s->arena, m->k, const char *);
    size_t n = 0, mark = s->scope.n;

    if (!room || !label) {
        s->failed = true;
        return;
    }
    mtp_solution_text(s, "Wald's `Q` is about the studies' own estimates l, each found "
                         "by search: there the mean of `d_i` is 0, and its "
                         "variance w is the weight. `LRT` compares their likelihoods "
                         "with those at the common effect; where `x1` is at an end of "
                         "what is possible there is no l, and the likelihood is 1.");
    for (size_t i = 0; i < m->k && !s->failed; i++) {
        mtp_hyper_study study = study_at(m, i);
        mtp_figure line[MTP_LAW_LINES];

        mtp_hyper_own_estimate(&study, m->set->pooled->common.estimate);
        if (isnan(study.own)) {
            continue;
        }
        if (mtp_mixed_is_worked(m, i)) {
            study_tables(m, i, &at_own, study.own, true, NULL);
        }
        study_tables(m, i, &at_own, study.own, false, line);
        l[n] = study.own;
        w[n] = line[1].value;
        ell[n] = line[2].value;
        top += w[n] * l[n];
        bottom += w[n];
        label[n++] = m->label[i];
    }
    s->label = label;
    s->scope.k = n;
    if (n > 0 && !s->failed) {
        mtp_solution_heading(s, 3, "All studies with an estimate");
        mtp_solution_know(s, "m", top / bottom);
        mtp_solution_table(s, 5,
                           (const mtp_solution_column[]){
                               {.name = "l_i", .values = l},
                               {.name = "w_i", .values = w, .total = true},
                               {.formula = "w_i * l_i", .total = true},
                               {.formula = "w_i * (l_i - m)^2", .total = true},
                               {.name = "ell_i", .values = ell, .total = true}});
        (void)mtp_solution_line(s, "m", "sum(w_i * l_i) / sum(w_i)", (double)NAN);
        (void)mtp_solution_line(s, "Q", "sum(w_i * (l_i - m)^2)", h->Q);
        (void)mtp_solution_line(s, "LRT", "2 * (sum(ell_i) - ll_c)", h->LRT);
    }
    s->scope.n = mark;
    s->label = m->label;
    s->scope.k = m->k;
    if (n == 0) {
        mtp_solution_given(s, "Q", h->Q);
        mtp_solution_given(s, "LRT", h->LRT);
    }
    mtp_solution_know(s, "Q", h->Q);
    mtp_solution_know(s, "LRT", h->LRT);
}

/* Tables too many for a page: their spread is at most the root of their number by 2. */
static bool too_many(const mtp_mixed *m)
{
    static const double MOST = 2e5;
    double most = 0.0;

    for (size_t i = 0; i < m->k; i++) {
        mtp_hyper_study study = study_at(m, i);

        most = fmax(most, study.highest - study.lowest);
    }
    return most > MOST;
}

void mtp_explain_mixed_exact(mtp_mixed *m)
{
    mtp_mixed_memo memo;

    m->intro =
        "`mu` and `tau` are found by search. A study's likelihood is the integral over "
        "its random effect z, here a sum over steps of `delta`, so small that the sum "
        "is the integral to rounding: `f_i` is the likelihood `1 / D_i` at the log "
        "odds "
        "ratio `mu + tau * z_i` times the normal density. g and h are the derivatives "
        "of the logarithm `ell` of the sum in `mu` and `tau`, A, B and C those of g in "
        "`mu` and of h in `mu` and `tau`: sums over `r_i`, what `x1` is above its "
        "mean, "
        "and `u_i`, its square less the variance `V_i`.";
    m->parameters = "`mu` and `tau`";
    m->law = &over_z;
    m->inner = &at_z;
    m->inner_values = tables_at_z;
    m->fixed = &at_z.table[0][2];
    m->memo = &memo;
    m->slopes = 2;
    m->se = MTP_MIXED_SE;
    m->log_density = log_density;
    m->squares = "M_i^2";
    m->variances = "V_i";
    m->fitted = "M_i";
    m->spread = "V_i";
    m->tests = work_tests;
    if (!mtp_mixed_read_groups(m, has_choice)) {
        return;
    }
    if (too_many(m)) {
        mtp_explain_section(m->work, "Mixed model");
        mtp_solution_text(m->s, "A study has so many possible tables that their sums "
                                "are not worked here.");
        return;
    }
    mtp_mixed_two_groups(m, common_effect, NULL);
}
