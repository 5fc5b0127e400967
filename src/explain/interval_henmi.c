/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interval of Henmi and Copas. Formulas as in models/henmi_copas.c; its integral
 * over z > 0 is a sum of terms at z = exp(r - exp(-r)) / (1 + x_0), r = -4, -4 + h, ...
 * (Takahasi & Mori 1974). */
#include "explain/interval.h"
#include "num/dist.h"

#include <math.h>

enum { FROM = -4, TO = 5, STEPS = 5, STEPS_MAX = 180 };

static const int step_count[STEPS] = {18, 36, 45, 90, 180}; /* h = 0.5, 0.25, ... */

/* What the terms are made of: numbers of the scope. */
typedef struct parts {
    double df, S, c, d, V, E, T, b1, b2;
} parts;

static double known(const mtp_solution *s, const char *name)
{
    const mtp_quantity *q = mtp_scope_find(&s->scope, name);

    return q ? q->figure.value : (double)NAN;
}

static double term(const parts *of, double u, double r)
{
    double x0 = u / sqrt(of->S * of->V), z = exp(r - exp(-r)) / (1.0 + x0), x = x0 + z;
    double mean = of->E + of->b1 * (x * x - 1.0);
    double variance = 2.0 * (of->T - 2.0 * of->b2 + of->b1 * of->b1) +
                      4.0 * x * x * (of->b2 - of->b1 * of->b1);
    double f = of->df + of->d / of->c * (of->S * of->V * (x / u) * (x / u) - 1.0);
    double below =
        mtp_chisq_lower(2.0 * f * mean / variance, 2.0 * mean * mean / variance).p;

    return z * (1.0 + exp(-r)) * exp(-z * (x0 + z / 2.0)) * below;
}

/* Hundredths, as they are written. */
static double node(int i, int steps)
{
    return rint(100.0 * (FROM + (double)(TO - FROM) * i / steps)) / 100.0;
}

static double tail_by(const parts *of, double u, int steps)
{
    double h = (double)(TO - FROM) / steps, sum = 0.0;
    double x0 = u / sqrt(of->S * of->V);

    for (int i = 0; i <= steps; i++) {
        sum += term(of, u, node(i, steps));
    }
    return h * sum * exp(-x0 * x0 / 2.0) * sqrt(2.0 / 3.14159265358979323846);
}

/* The moments of the mean and of Q, from sums over the studies. */
static void moments(mtp_explain_work *work, const mtp_explain_set *set,
                    const mtp_interval *ci)
{
    mtp_solution *s = work->s;
    const mtp_quantity *w;

    mtp_solution_know(s, "m_w", ci->estimate);
    mtp_solution_table(s, 7,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y},
                           {.name = "v_i", .values = set->v},
                           {.name = "w_i", .formula = "1 / v_i", .total = true},
                           {.formula = "w_i * y_i", .total = true},
                           {.formula = "w_i^2", .total = true},
                           {.formula = "w_i^3", .total = true},
                           {.formula = "w_i * (y_i - m_w)^2", .total = true}});
    (void)mtp_solution_line(s, "S_1", "sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "m_w", "sum(w_i * y_i) / S_1", ci->estimate);
    (void)mtp_solution_line(s, "c_w", "sum(w_i^2) / S_1", (double)NAN);
    (void)mtp_solution_line(s, "d_w", "S_1 - c_w", (double)NAN);
    (void)mtp_solution_line(s, "t_w", "max(0, (sum(w_i * (y_i - m_w)^2) - df) / d_w)",
                            (double)NAN);
    (void)mtp_solution_line(s, "V_w", "(1 + t_w * c_w) / S_1", (double)NAN);
    (void)mtp_solution_line(s, "s", "sqrt(V_w)", ci->se);
    w = mtp_scope_find(&s->scope, "w_i");
    if (!w) {
        s->failed = true;
        return;
    }
    mtp_solution_table(
        s, 3,
        (const mtp_solution_column[]){
            {.name = "w_i", .values = w->column, .error = w->error},
            {.formula = "w_i * (w_i - c_w)^2", .total = true},
            {.formula = "w_i * (w_i - c_w)^2 * (1 + t_w * w_i)", .total = true}});
    (void)mtp_solution_line(s, "E_0", "df + t_w * d_w", (double)NAN);
    (void)mtp_solution_line(s, "T_2",
                            "df + 2 * t_w * d_w + t_w^2 * (sum(w_i^2) - 2 * sum(w_i^3) "
                            "/ S_1 + c_w^2)",
                            (double)NAN);
    (void)mtp_solution_line(s, "b_1", "(t_w / S_1)^2 * sum(w_i * (w_i - c_w)^2) / V_w",
                            (double)NAN);
    (void)mtp_solution_line(s, "b_2",
                            "(t_w / S_1)^2 * sum(w_i * (w_i - c_w)^2 * (1 + t_w * "
                            "w_i)) / V_w",
                            (double)NAN);
}

/* The nodes whose terms count. */
static size_t nodes_of(const mtp_solution *s, const parts *of, double u, int steps,
                       double r[])
{
    double share = pow(10.0, -(double)s->digits - 4.0);
    double largest = 0.0;
    size_t n = 0;

    for (int i = 0; i <= steps; i++) {
        largest = fmax(largest, term(of, u, node(i, steps)));
    }
    for (int i = 0; i <= steps; i++) {
        if (term(of, u, node(i, steps)) > share * largest) {
            r[n++] = node(i, steps);
        }
    }
    return n;
}

static void table_of_nodes(mtp_solution *s, size_t n, const double r[])
{
    static const char below[] = "1 - upper_chi2(2 * f_i * E_i / V_i, 2 * E_i^2 / V_i)";
    static const char product[] =
        "z_i * (1 + exp(-r_i)) * exp(-z_i * (x_0 + z_i / 2)) * P_i";
    const char **label = mtp_solution_numbers(s, n);
    const char *const *kept = s->label;
    size_t k = s->scope.k;

    if (s->failed) {
        return;
    }
    s->scope.k = n;
    s->label = label;
    s->row_name = "term";
    mtp_solution_table(
        s, 8,
        (const mtp_solution_column[]){
            {.name = "r_i", .values = r},
            {.name = "z_i", .formula = "exp(r_i - exp(-r_i)) / (1 + x_0)"},
            {.name = "x_i", .formula = "x_0 + z_i"},
            {.name = "E_i", .formula = "E_0 + b_1 * (x_i^2 - 1)"},
            {.name = "V_i",
             .formula = "2 * (T_2 - 2 * b_2 + b_1^2) + 4 * x_i^2 * (b_2 - b_1^2)"},
            {.name = "f_i",
             .formula = "df + d_w / c_w * (S_1 * V_w * (x_i / u)^2 - 1)"},
            {.name = "P_i", .formula = below},
            {.name = "g_i", .formula = product, .total = true}});
    (void)mtp_solution_line(s, "L", "h * sum(g_i) * exp(-x_0^2 / 2) * sqrt(2 / pi)",
                            (double)NAN);
    s->scope.k = k;
    s->label = kept;
    s->row_name = NULL;
}

/* The probability that the ratio lies farther out than u, L. */
static bool tail_of(mtp_solution *s, const parts *of, double u, double wanted)
{
    double *r = MTP_ARENA_ARRAY(s->arena, STEPS_MAX + 1, double);
    const mtp_quantity *found;
    double accuracy = pow(10.0, -(double)s->digits - 2.0);
    mtp_figure left;
    int steps = STEPS_MAX;
    size_t n;

    if (!r) {
        s->failed = true;
        return false;
    }
    for (int j = STEPS; j > 0; j--) {
        if (fabs(tail_by(of, u, step_count[j - 1]) - wanted) <=
            0.1 * accuracy * wanted) {
            steps = step_count[j - 1];
        }
    }
    n = nodes_of(s, of, u, steps, r);
    (void)mtp_solution_line(s, "x_0", "u / sqrt(S_1 * V_w)", (double)NAN);
    mtp_solution_given(s, "h", (double)(TO - FROM) / steps);
    mtp_solution_know(s, "h", (double)(TO - FROM) / steps);
    table_of_nodes(s, n, r);
    found = mtp_scope_find(&s->scope, "L");
    left = found ? found->figure : (mtp_figure){0.0, 0.0};
    left.error += fmax(accuracy, 1e-11) / 64.0 * wanted;
    return mtp_solution_agrees(s, "the probability", left, wanted);
}

static void test(mtp_explain_work *work, const mtp_explain_set *set, const parts *of,
                 const mtp_interval *ci)
{
    mtp_solution *s = work->s;

    if (isnan(set->estimate->null_value) || isnan(ci->statistic)) {
        return;
    }
    mtp_solution_text(s, "The test: the probability of a ratio as far out as that to "
                         "the tested mean, by the same sum.");
    mtp_solution_given(s, "null", set->estimate->null_value);
    (void)mtp_solution_line(s, "T", "(m_w - null) / s", ci->statistic);
    if (ci->statistic == 0.0 || !(ci->p > 0.0)) {
        mtp_solution_given(s, "p", ci->p);
        return;
    }
    (void)mtp_solution_line(s, "u", "abs(T)", fabs(ci->statistic));
    if (tail_of(s, of, fabs(ci->statistic), ci->p)) {
        mtp_solution_given(s, "p", ci->p);
    }
}

bool mtp_explain_henmi_copas(mtp_explain_work *work, const mtp_explain_set *set,
                             const mtp_interval *ci)
{
    double wanted = 2.0 * mtp_tail_of_level(work->bundle->level);
    double u = (ci->upper - ci->lower) / (2.0 * ci->se);
    mtp_solution *s = work->s;
    parts of;

    mtp_solution_text(
        s, "Henmi and Copas: around the common-effect mean `m_w`, with its standard "
           "error under random effects, `t_w` being tau2 of DerSimonian and Laird. `u` "
           "is the value that the ratio of error to standard error exceeds with the "
           "probability that the level leaves: an integral over the error of the "
           "probability of a `Q` so small, which is taken as that of a gamma "
           "distribution with the mean `E` and the variance `V` of `Q`.");
    moments(work, set, ci);
    of = (parts){known(s, "df"),  known(s, "S_1"), known(s, "c_w"),
                 known(s, "d_w"), known(s, "V_w"), known(s, "E_0"),
                 known(s, "T_2"), known(s, "b_1"), known(s, "b_2")};
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    mtp_solution_given(s, "u", u);
    mtp_solution_know(s, "u", u);
    if (tail_of(s, &of, u, wanted)) {
        mtp_solution_given(s, "R", wanted);
        mtp_solution_text(s, "Both sides agree.");
    }
    (void)mtp_solution_line(s, "lower", "m_w - u * s", ci->lower);
    (void)mtp_solution_line(s, "upper", "m_w + u * s", ci->upper);
    test(work, set, &of, ci);
    return true;
}
