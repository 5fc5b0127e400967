/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures on the natural scale. */
#include "explain/work.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

/* The inverse of a transform, of x; "" where Freeman and Tukey's needs more lines. */
static const char *inverse_of(const mtp_measure_info *measure)
{
    static const struct {
        const char *name, *formula;
    } known[] = {
        {"exponential", "exp(x)"},
        {"inverse logit", "1 / (1 + exp(-x))"},
        {"normal distribution function", "Phi(x)"},
        {"squared sine", "sin(x)^2"},
        {"square", "x^2"},
        {"hyperbolic tangent", "tanh(x)"},
        {"squared hyperbolic tangent", "tanh(x)^2"},
        {"inverse of -log(1 - a)", "1 - exp(-x)"},
        {"inverse of 1 - (1 - a)^(1/3)", "1 - (1 - x)^3"},
        {"inverse double square root", "(x - 1 / (4 * n_b * x))^2"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, measure->inverse) == 0) {
            return known[i].formula;
        }
    }
    return NULL;
}

/* `of` in place of x. */
static const char *applied(mtp_solution *s, const char *formula, const char *of)
{
    mtp_strbuf out;
    const char *made;

    mtp_strbuf_init(&out);
    for (const char *at = formula; *at; at++) {
        bool alone = *at == 'x' && (at == formula || at[-1] != 'e') && at[1] != 'p';

        if (alone) {
            mtp_strbuf_add(&out, of);
        } else {
            mtp_strbuf_add_char(&out, *at);
        }
    }
    made = out.failed ? NULL : mtp_arena_strdup(s->arena, out.text);
    s->failed = s->failed || !made;
    mtp_strbuf_free(&out);
    return made;
}

const char *mtp_explain_inverse(mtp_solution *s, const mtp_measure_info *measure,
                                const char *of)
{
    const char *formula = inverse_of(measure);

    return formula && !strstr(formula, "n_b") ? applied(s, formula, of) : NULL;
}

/* Miller's inverse of the double arcsine, two lines. */
static void double_arcsine(mtp_solution *s, const char *name, const char *of,
                           double figure, double y)
{
    (void)mtp_solution_linef(s, "b", (double)NAN,
                             "sin(2 * %s) + (sin(2 * %s) - 1 / sin(2 * %s)) / n_b", of,
                             of, of);
    (void)mtp_solution_linef(s, name, figure, "(1 %s sqrt(1 - b^2)) / 2",
                             cos(2.0 * y) > 0.0 ? "-" : "+");
}

typedef struct figure {
    const char *name, *of;
    double y, natural;
} figure;

static bool moved(const mtp_explain_work *work, const figure *f, double n)
{
    bool clipped = false;

    (void)mtp_back_transform(work->bundle->measure->measure, f->y, n, &clipped);
    return clipped;
}

static void put(mtp_explain_work *work, const figure *f, const char *suffix, double n)
{
    mtp_solution *s = work->s;
    const char *name = mtp_arena_printf(s->arena, "%s%s", f->name, suffix);
    const char *of = mtp_arena_printf(s->arena, "%s%s", f->of, suffix);
    const char *formula = inverse_of(work->bundle->measure);

    if (!name || !of || isnan(f->natural)) {
        s->failed = s->failed || !name || !of;
        return;
    }
    if (moved(work, f, n)) {
        mtp_solution_text(s,
                          "`%s` lies outside the range of the transform and becomes "
                          "its end:",
                          of);
        mtp_solution_given(s, name, f->natural);
    } else if (formula) {
        formula = applied(s, formula, of);
        (void)mtp_solution_line(s, name, formula ? formula : "0", f->natural);
    } else {
        double_arcsine(s, name, of, f->natural, f->y);
    }
}

void mtp_explain_pooled_n(mtp_explain_work *work, const mtp_explain_set *set,
                          mtp_ft_n kind, const char *se, double n)
{
    const mtp_bundle *b = work->bundle;
    bool time = b->measure->input == MTP_INPUT_EVENTS_TIME;
    double *sizes = MTP_ARENA_ARRAY(work->s->arena, set->k, double);
    mtp_solution *s = work->s;

    if (!sizes) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < set->k; i++) {
        const mtp_study *study = &b->studies[set->index[i]];

        sizes[i] = time ? study->time : study->n;
    }
    if (kind == MTP_FT_INVERSE_VARIANCE) {
        (void)mtp_solution_linef(s, "n_b", n, "1 / (4 * %s^2)", se);
        return;
    }
    mtp_solution_table(
        s, 2,
        (const mtp_solution_column[]){
            {.name = "n_i", .values = sizes, .total = kind == MTP_FT_ARITHMETIC},
            {.formula = kind == MTP_FT_GEOMETRIC ? "ln(n_i)" : "1 / n_i",
             .total = kind != MTP_FT_ARITHMETIC}});
    (void)mtp_solution_line(s, "n_b",
                            kind == MTP_FT_HARMONIC    ? "k / sum(1 / n_i)"
                            : kind == MTP_FT_GEOMETRIC ? "exp(sum(ln(n_i)) / k)"
                                                       : "sum(n_i) / k",
                            n);
}

void mtp_explain_back(mtp_explain_work *work, const mtp_explain_set *set,
                      const char *suffix)
{
    const mtp_measure_info *measure = work->bundle->measure;
    const mtp_estimate *e = set->estimate;
    double n = e->back.ft_n;
    const figure figures[] = {
        {"theta", "mu", e->estimate, e->back.estimate},
        {"theta_lower", "lower", e->ci.lower, e->back.ci_lower},
        {"theta_upper", "upper", e->ci.upper, e->back.ci_upper},
        {"theta_lower_p", "lower_p", e->pi.lower, e->back.pi_lower},
        {"theta_upper_p", "upper_p", e->pi.upper, e->back.pi_upper},
    };

    if (!mtp_view_has_back(measure) || isnan(e->back.estimate)) {
        return;
    }
    mtp_solution_heading(work->s, 3, "Back to the scale of the %s", measure->natural);
    if (!isnan(n)) {
        mtp_explain_pooled_n(work, set, work->bundle->pool->options.ft_n,
                             e == &set->pooled->common ? "se_c" : "se", n);
    }
    for (size_t i = 0; i < 3; i++) {
        put(work, &figures[i], suffix, n);
    }
    for (size_t i = 3; i < 5 && e->pi.method != MTP_PI_NONE; i++) {
        put(work, &figures[i], "", n);
    }
}
