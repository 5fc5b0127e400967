/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixed models of counts of one group. Their estimates are found by search; what a
 * person can check is shown: each study's likelihood as a sum over values of its random
 * effect, the log-likelihood, and that its derivatives are 0. */
#include "core/number.h"
#include "explain/work.h"

#include <math.h>
#include <string.h>

enum { NODES_MAX = 4000, MODEL_COLUMNS = 7 };

typedef struct model {
    mtp_explain_work *work;
    mtp_solution *s;
    const mtp_explain_set *set;
    bool rates;
    double mu, tau;
    const double *x, *n; /* [k] events; patients or person-time */
} model;

/* What a study adds to the log-likelihood and its derivatives. */
typedef struct part {
    mtp_figure ell, g, h;
} part;

static const char ell_formula[] = "ln(delta * sum(f_i))";

static const char *constant_of(const model *m)
{
    return m->rates ? "lnfact(x)" : "lnfact(n) - lnfact(x) - lnfact(n - x)";
}

/* The columns over the values z of the random effect. */
static void columns_of(const model *m, const double z[],
                       mtp_solution_column column[MODEL_COLUMNS])
{
    const mtp_solution_column binomial[MODEL_COLUMNS] = {
        {.name = "z_i", .values = z},
        {.name = "e_i", .formula = "mu + tau * z_i"},
        {.name = "p_i", .formula = "1 / (1 + exp(-e_i))"},
        {.name = "f_i",
         .formula = "exp(lc + x * e_i - n * ln(1 + exp(e_i))) * phi(z_i)",
         .total = true},
        {.formula = "f_i * (x - n * p_i)", .total = true},
        {.formula = "f_i * (x - n * p_i) * z_i", .total = true}};
    const mtp_solution_column poisson[MODEL_COLUMNS] = {
        {.name = "z_i", .values = z},
        {.name = "e_i", .formula = "mu + tau * z_i"},
        {.name = "p_i", .formula = "n * exp(e_i)"},
        {.name = "f_i",
         .formula = "exp(x * ln(p_i) - p_i - lc) * phi(z_i)",
         .total = true},
        {.formula = "f_i * (x - p_i)", .total = true},
        {.formula = "f_i * (x - p_i) * z_i", .total = true}};

    memcpy(column, m->rates ? poisson : binomial, sizeof binomial);
}

/* The log of the integrand at z but for constants. */
static double log_density(const model *m, double x, double n, double z)
{
    double e = m->mu + m->tau * z;
    double l = m->rates ? x * e - n * exp(e)
                        : x * e - n * (e > 0.0 ? e + log1p(exp(-e)) : log1p(exp(e)));

    return l - 0.5 * z * z;
}

/* The steps of the sum: a round number so small that the sum is the integral, from
 * where the integrand begins to count to where it ends. */
static size_t grid(const model *m, double x, double n, double *step, double z[])
{
    static const double rounds[] = {0.5,  0.25, 0.2,   0.1,    0.05,  0.025,
                                    0.02, 0.01, 0.005, 0.0025, 0.002, 0.001};
    static const double NEGLIGIBLE = 28.0; /* e^-28 = 7e-13 */
    double best = 0.0, top = -(double)INFINITY, curvature, wanted;
    size_t round = 0, count = 0;

    for (double at = -12.0; at <= 12.0; at += 0.002) {
        double l = log_density(m, x, n, at);

        best = l > top ? at : best;
        top = l > top ? l : top;
    }
    curvature = (2.0 * top - log_density(m, x, n, best - 1e-3) -
                 log_density(m, x, n, best + 1e-3)) /
                1e-6;
    wanted = 0.5 / sqrt(fmax(curvature, 1.0));
    wanted = fmin(wanted, 0.54 / m->tau); /* the poles of the logistic curve */
    while (round + 1 < sizeof rounds / sizeof *rounds && rounds[round] > wanted) {
        round++;
    }
    *step = rounds[round];
    for (double j = ceil(-12.0 / *step); j * *step <= 12.0 && count < NODES_MAX; j++) {
        if (log_density(m, x, n, j * *step) > top - NEGLIGIBLE) {
            z[count++] = j * *step;
        }
    }
    return count;
}

static void know_study(const model *m, size_t i, double step)
{
    mtp_solution_know(m->s, "x", m->x[i]);
    mtp_solution_know(m->s, "n", m->n[i]);
    mtp_solution_know(m->s, "delta", step);
}

/* A tree's value in the scope. */
static mtp_figure value_of(const model *m, const char *formula)
{
    const mtp_expr *e = mtp_expr_parse(m->s->arena, formula);

    if (!e) {
        m->s->failed = true;
        return (mtp_figure){0.0, 0.0};
    }
    return mtp_expr_value(e, &m->s->scope, 0, MTP_EXACT);
}

static mtp_figure ratio_of(const model *m, const char *column)
{
    const char *text =
        mtp_arena_printf(m->s->arena, "sum(%s) / sum(f_i)", column ? column : "f_i");

    return value_of(m, text);
}

/* The columns into the scope, without a table. */
static bool fill_columns(const model *m, size_t count,
                         const mtp_solution_column column[MODEL_COLUMNS])
{
    mtp_scope_set(&m->s->scope, "lc", value_of(m, constant_of(m)));
    for (size_t c = 0; c < 4; c++) {
        double *value = MTP_ARENA_ARRAY(m->s->arena, count, double);
        double *error = MTP_ARENA_ARRAY(m->s->arena, count, double);
        const mtp_expr *e = mtp_expr_parse(m->s->arena, column[c].formula);

        if (!value || !error || (column[c].formula && !e)) {
            m->s->failed = true;
            return false;
        }
        for (size_t j = 0; j < count; j++) {
            mtp_figure f = {0.0, 0.0};

            if (e) {
                f = mtp_expr_value(e, &m->s->scope, j, MTP_EXACT);
            } else {
                f.value = column[c].values[j];
            }
            value[j] = f.value;
            error[j] = f.error;
        }
        mtp_scope_set_column(&m->s->scope, column[c].name, value, error);
    }
    return true;
}

static const char **node_labels(const model *m, size_t count)
{
    const char **label = MTP_ARENA_ARRAY(m->s->arena, count, const char *);

    for (size_t j = 0; label && j < count; j++) {
        label[j] = mtp_arena_printf(m->s->arena, "%zu", j + 1);
        m->s->failed = m->s->failed || !label[j];
    }
    m->s->failed = m->s->failed || !label;
    return label;
}

static void show_study(const model *m, size_t i, double step, size_t count,
                       const mtp_solution_column column[MODEL_COLUMNS])
{
    mtp_solution *s = m->s;
    const char *const *kept = s->label;
    const char **label = node_labels(m, count);

    if (s->failed) {
        return;
    }
    mtp_solution_heading(s, 3, "%s", kept[i]);
    mtp_solution_given(s, "x", m->x[i]);
    mtp_solution_given(s, "n", m->n[i]);
    (void)mtp_solution_line(s, "lc", constant_of(m), (double)NAN);
    mtp_solution_given(s, "delta", step);
    s->label = label;
    s->row_name = "value";
    mtp_solution_table(s, 6, column);
    s->row_name = NULL;
    s->label = kept;
    (void)mtp_solution_line(s, "ell", ell_formula, (double)NAN);
    (void)mtp_solution_linef(s, "g", (double)NAN, "sum(%s) / sum(f_i)",
                             column[4].formula);
    (void)mtp_solution_linef(s, "h", (double)NAN, "sum(%s) / sum(f_i)",
                             column[5].formula);
}

/* One study's integral as a sum, shown or not. */
static part study_part(const model *m, size_t i, bool shown)
{
    mtp_solution *s = m->s;
    double *z = MTP_ARENA_ARRAY(s->arena, NODES_MAX, double), step;
    mtp_solution_column column[MODEL_COLUMNS];
    size_t mark = s->scope.n, k = s->scope.k, count;
    part made = {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}};

    if (!z) {
        s->failed = true;
        return made;
    }
    count = grid(m, m->x[i], m->n[i], &step, z);
    columns_of(m, z, column);
    know_study(m, i, step);
    s->scope.k = count;
    if (shown) {
        show_study(m, i, step, count, column);
    } else if (fill_columns(m, count, column)) {
        made.ell = value_of(m, ell_formula);
        made.g = ratio_of(m, column[4].formula);
        made.h = ratio_of(m, column[5].formula);
    }
    s->scope.k = k;
    s->scope.n = mark;
    return made;
}

/* The sum is 0 but for rounding. */
static bool is_zero(const model *m, const char *what, const double x[])
{
    mtp_figure sum = {0.0, 0.0};

    for (size_t i = 0; i < m->set->k; i++) {
        sum.value += x[i];
        sum.error += 1e-11 * fabs(x[i]);
    }
    return mtp_solution_agrees(m->s, what, sum, 0.0);
}

static void likelihood_table(const model *m)
{
    mtp_solution *s = m->s;
    size_t k = m->set->k;
    double *room = MTP_ARENA_ARRAY(s->arena, 3 * k, double);
    double *ell = room, *g = room + k, *h = room + 2 * k;

    if (!room) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < k && !s->failed; i++) {
        mtp_arena_mark mark = mtp_arena_save(s->arena);
        size_t capacity = s->scope.capacity;
        part p = study_part(m, i, false);

        ell[i] = p.ell.value;
        g[i] = p.g.value;
        h[i] = p.h.value;
        if (s->scope.capacity == capacity) { /* nothing that is kept was made */
            mtp_arena_release(s->arena, mark);
        }
    }
    if (s->failed) {
        return;
    }
    mtp_solution_heading(s, 3, "All studies");
    mtp_solution_table(
        s, 5,
        (const mtp_solution_column[]){{.name = "x_i", .values = m->x},
                                      {.name = "n_i", .values = m->n},
                                      {.name = "ell_i", .values = ell, .total = true},
                                      {.name = "g_i", .values = g, .total = true},
                                      {.name = "h_i", .values = h, .total = true}});
    (void)mtp_solution_line(s, "ll", "sum(ell_i)", m->set->pooled->fit.loglik);
    if (is_zero(m, "the derivative in mu", g) &&
        is_zero(m, "the derivative in tau", h)) {
        mtp_solution_text(s, "Both derivatives of the log-likelihood are 0: no other "
                             "`mu` and `tau` nearby are more likely.");
    }
}

/* At tau = 0 the derivative in tau2 tells that it is not above 0. */
static void boundary(const model *m)
{
    mtp_solution *s = m->s;
    bool rates = m->rates;

    mtp_solution_text(s, "`tau2` is 0: the likelihood falls from there, for twice its "
                         "derivative in `tau2` at 0 is L - R.");
    (void)mtp_solution_line(s, "pi_c", rates ? "exp(mu)" : "1 / (1 + exp(-mu))",
                            (double)NAN);
    mtp_solution_table(s, 4,
                       (const mtp_solution_column[]){
                           {.name = "x_i", .values = m->x},
                           {.name = "n_i", .values = m->n},
                           {.formula = "(x_i - n_i * pi_c)^2", .total = true},
                           {.formula = rates ? "n_i * pi_c" : "n_i * pi_c * (1 - pi_c)",
                            .total = true}});
    (void)mtp_solution_line(s, "L", "sum((x_i - n_i * pi_c)^2)", (double)NAN);
    (void)mtp_solution_line(s, "R",
                            rates ? "sum(n_i * pi_c)" : "sum(n_i * pi_c * (1 - pi_c))",
                            (double)NAN);
}

/* All studies together, as if they were one. */
static void common_effect(model *m, mtp_explain_set *set)
{
    mtp_solution *s = m->s;
    const mtp_estimate *common = &set->pooled->common;

    mtp_explain_section(m->work, "Common effect");
    mtp_solution_table(
        s, 2,
        (const mtp_solution_column[]){{.name = "x_i", .values = m->x, .total = true},
                                      {.name = "n_i", .values = m->n, .total = true}});
    mtp_solution_given(s, "k", (double)set->k);
    if (isnan(common->estimate)) {
        return;
    }
    (void)mtp_solution_line(s, "mu_c",
                            m->rates ? "ln(sum(x_i) / sum(n_i))"
                                     : "ln(sum(x_i) / (sum(n_i) - sum(x_i)))",
                            common->estimate);
    (void)mtp_solution_line(s, "se_c",
                            m->rates
                                ? "1 / sqrt(sum(x_i))"
                                : "sqrt(sum(n_i) / (sum(x_i) * (sum(n_i) - sum(x_i))))",
                            common->ci.se);
    set->estimate = common;
    mtp_explain_interval(m->work, set, &common->ci, "_c");
    mtp_explain_back(m->work, set, "_c");
}

/* v_t of the study effects, for I2 and H2. */
static void typical_variance(const model *m)
{
    mtp_solution *s = m->s;
    const mtp_heterogeneity *h = &m->set->pooled->heterogeneity;

    mtp_solution_heading(s, 3, "Heterogeneity");
    mtp_solution_table(s, 3,
                       (const mtp_solution_column[]){
                           {.name = "v_i", .values = m->set->v},
                           {.name = "w_i", .formula = "1 / v_i", .total = true},
                           {.formula = "w_i^2", .total = true}});
    (void)mtp_solution_line(s, "C", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "v_t", "(k - 1) / C", h->vt);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    mtp_solution_given(s, "Q", h->Q);
    if (h->Q > 0.0) {
        (void)mtp_solution_line(s, "I2_Q", "100 * max(0, Q - k + 1) / Q", h->I2_Q);
    }
    mtp_solution_given(s, "LRT", h->LRT);
    (void)mtp_solution_line(s, "p_Q", "upper_chi2(Q, k - 1)", h->p);
    (void)mtp_solution_line(s, "p_LRT", "upper_chi2(LRT, k - 1)", h->LRT_p);
}

static bool is_worked(const mtp_explain_work *work, size_t i)
{
    return work->all || (!work->chosen && i == 0) ||
           mtp_explain_is_chosen(work, work->bundle->studies[i].name);
}

static void work_likelihood(model *m)
{
    mtp_solution *s = m->s;

    mtp_solution_text(
        s,
        "`mu` and `tau` are found by search. A study's likelihood is the integral over "
        "its random effect z, here a sum over steps of `delta`, so small that the sum "
        "is "
        "the integral to rounding: `f_i` is the likelihood at z (%s) times the normal "
        "density. g and h are the derivatives of its logarithm `ell` in `mu` and "
        "`tau`.",
        m->rates ? "Poisson, `p_i` events expected in the time `n`"
                 : "binomial, at the probability `p_i`");
    for (size_t i = 0; i < m->set->k; i++) {
        if (is_worked(m->work, m->set->index[i])) {
            (void)study_part(m, i, true);
        }
    }
    likelihood_table(m);
}

static void random_effects(model *m, mtp_explain_set *set)
{
    const mtp_estimate *random = &set->pooled->random;
    const mtp_heterogeneity *h = &set->pooled->heterogeneity;
    mtp_solution *s = m->s;

    mtp_explain_section(m->work, "Mixed model");
    mtp_solution_given(s, "mu", random->estimate);
    mtp_solution_given(s, "tau", h->tau);
    mtp_solution_know(s, "mu", random->estimate);
    (void)mtp_solution_line(s, "tau2", "tau^2", h->tau2);
    m->mu = random->estimate;
    m->tau = h->tau;
    if (m->work->bundle->pool->options.tau2_scope == MTP_TAU2_COMMON &&
        set->pooled != &m->work->bundle->pool->overall) {
        mtp_solution_text(s,
                          "The subgroups share `tau2`; the likelihood is that of all "
                          "of them together and is not worked here.");
    } else if (h->tau2 == 0.0) {
        boundary(m);
    } else if (set->pooled->fit.nodes != 0) {
        mtp_solution_text(s, "`mu` and `tau` maximize a likelihood by Gauss-Hermite "
                             "nodes, which is not worked here; --nodes exact is.");
    } else {
        work_likelihood(m);
    }
    if (!isnan(h->vt)) {
        typical_variance(m);
    }
    mtp_solution_heading(s, 3, "Standard error");
    mtp_solution_text(s, "`se` is the root of an element of the inverse of the second "
                         "derivatives of the log-likelihood, and is not worked here.");
    mtp_solution_given(s, "se", random->intervals[0].se);
    set->estimate = random;
    mtp_explain_interval(m->work, set, &random->ci, "");
    mtp_explain_prediction(m->work, set);
    mtp_explain_back(m->work, set, "");
}

static bool read_counts(model *m)
{
    const mtp_explain_set *set = m->set;
    double *x = MTP_ARENA_ARRAY(m->s->arena, set->k, double);
    double *n = MTP_ARENA_ARRAY(m->s->arena, set->k, double);

    if (!x || !n) {
        m->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < set->k; i++) {
        const mtp_study *study = &m->work->bundle->studies[set->index[i]];

        x[i] = study->events;
        n[i] = m->rates ? study->time : study->n;
    }
    m->x = x;
    m->n = n;
    return true;
}

void mtp_explain_mixed(mtp_explain_work *work, const char *group,
                       const mtp_pooled *pooled)
{
    bool rates = work->bundle->measure->input == MTP_INPUT_EVENTS_TIME;
    mtp_explain_set set;
    model m = {.work = work, .s = work->s, .set = &set, .rates = rates};
    size_t mark = work->s->scope.n;

    if (mtp_explain_set_of(work, group, pooled, &set) && read_counts(&m)) {
        common_effect(&m, &set);
        if (!pooled->exists) {
            mtp_solution_text(work->s, "The mixed model has no finite estimate.");
        } else if (set.k > 1) {
            random_effects(&m, &set);
        }
    }
    work->s->scope.n = mark;
}
