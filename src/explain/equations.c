/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/equations.h"

#include <math.h>

/* A formula that grows by terms. */
static void add_term(mtp_strbuf *formula, const char *sign, const char *term)
{
    mtp_strbuf_printf(formula, "%s%s", formula->length > 0 ? sign : "", term);
}

static void put(mtp_solution *s, const char *name, mtp_strbuf *formula, double figure)
{
    if (!name || formula->failed) {
        s->failed = true;
    } else {
        (void)mtp_solution_line(s, name, formula->text, figure);
    }
    mtp_strbuf_free(formula);
}

static const char *element(mtp_solution *s, const char *matrix, size_t i, size_t j)
{
    const char *made = mtp_arena_printf(s->arena, "%s_%zu_%zu", matrix, i + 1, j + 1);

    s->failed = s->failed || !made;
    return made ? made : "";
}

static const char *entry(mtp_solution *s, const char *vector, size_t j)
{
    const char *made = mtp_arena_printf(s->arena, "%s_%zu", vector, j + 1);

    s->failed = s->failed || !made;
    return made ? made : "";
}

static void put_pivot(mtp_solution *s, const char *matrix, size_t j)
{
    mtp_strbuf formula;

    mtp_strbuf_init(&formula);
    mtp_strbuf_add(&formula, element(s, matrix, j, j));
    for (size_t m = 0; m < j; m++) {
        mtp_strbuf_printf(&formula, " - l_%zu_%zu^2 * d_%zu", j + 1, m + 1, m + 1);
    }
    put(s, entry(s, "d", j), &formula, (double)NAN);
}

static void put_factor(mtp_solution *s, const char *matrix, size_t i, size_t j)
{
    mtp_strbuf formula;

    mtp_strbuf_init(&formula);
    mtp_strbuf_printf(&formula, "(%s", element(s, matrix, i, j));
    for (size_t m = 0; m < j; m++) {
        mtp_strbuf_printf(&formula, " - l_%zu_%zu * l_%zu_%zu * d_%zu", i + 1, m + 1,
                          j + 1, m + 1, m + 1);
    }
    mtp_strbuf_printf(&formula, ") / d_%zu", j + 1);
    put(s, element(s, "l", i, j), &formula, (double)NAN);
}

void mtp_equations_factor(mtp_solution *s, const char *matrix, size_t p)
{
    for (size_t j = 0; j < p; j++) {
        put_pivot(s, matrix, j);
        for (size_t i = j + 1; i < p; i++) {
            put_factor(s, matrix, i, j);
        }
    }
}

/* g = L^-1 B. */
static void put_forward(mtp_solution *s, const char *right, size_t p)
{
    for (size_t j = 0; j < p; j++) {
        mtp_strbuf formula;

        mtp_strbuf_init(&formula);
        mtp_strbuf_add(&formula, entry(s, right, j));
        for (size_t m = 0; m < j; m++) {
            mtp_strbuf_printf(&formula, " - l_%zu_%zu * g_%zu", j + 1, m + 1, m + 1);
        }
        put(s, entry(s, "g", j), &formula, (double)NAN);
    }
}

void mtp_equations_solve(mtp_solution *s, const char *right, const char *name, size_t p,
                         const double figures[])
{
    put_forward(s, right, p);
    for (size_t j = p; j > 0; j--) {
        mtp_strbuf formula;

        mtp_strbuf_init(&formula);
        mtp_strbuf_printf(&formula, "g_%zu / d_%zu", j, j);
        for (size_t m = j; m < p; m++) {
            mtp_strbuf_printf(&formula, " - l_%zu_%zu * %s_%zu", m + 1, j, name, m + 1);
        }
        put(s, entry(s, name, j - 1), &formula, figures[j - 1]);
    }
}

void mtp_equations_inverse_factor(mtp_solution *s, size_t p)
{
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j + 1; i < p; i++) {
            mtp_strbuf formula;

            mtp_strbuf_init(&formula);
            mtp_strbuf_printf(&formula, "-l_%zu_%zu", i + 1, j + 1);
            for (size_t m = j + 1; m < i; m++) {
                mtp_strbuf_printf(&formula, " - l_%zu_%zu * u_%zu_%zu", i + 1, m + 1,
                                  m + 1, j + 1);
            }
            put(s, element(s, "u", i, j), &formula, (double)NAN);
        }
    }
}

/* u_m_i u_m_j / d_m, of which a factor of one is not written. */
static void add_product(mtp_strbuf *formula, size_t m, size_t i, size_t j)
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    if (m == i && m == j) {
        mtp_strbuf_printf(&text, "1 / d_%zu", m + 1);
    } else if (m == i) {
        mtp_strbuf_printf(&text, "u_%zu_%zu / d_%zu", m + 1, j + 1, m + 1);
    } else if (i == j) {
        mtp_strbuf_printf(&text, "u_%zu_%zu^2 / d_%zu", m + 1, i + 1, m + 1);
    } else {
        mtp_strbuf_printf(&text, "u_%zu_%zu * u_%zu_%zu / d_%zu", m + 1, i + 1, m + 1,
                          j + 1, m + 1);
    }
    formula->failed = formula->failed || text.failed;
    if (!text.failed) {
        add_term(formula, " + ", text.text);
    }
    mtp_strbuf_free(&text);
}

void mtp_equations_invert(mtp_solution *s, size_t p, const double figures[])
{
    mtp_equations_inverse(s, "V", p, figures);
}

void mtp_equations_inverse(mtp_solution *s, const char *name, size_t p,
                           const double figures[])
{
    mtp_equations_inverse_factor(s, p);
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j; i < p; i++) {
            mtp_strbuf formula;

            mtp_strbuf_init(&formula);
            for (size_t m = i; m < p; m++) {
                add_product(&formula, m, i, j);
            }
            put(s, element(s, name, i, j), &formula,
                figures ? figures[i * p + j] : (double)NAN);
        }
    }
}

void mtp_equations_form(mtp_solution *s, const char *right, const char *name, size_t p,
                        double figure)
{
    mtp_strbuf formula;

    put_forward(s, right, p);
    mtp_strbuf_init(&formula);
    for (size_t j = 0; j < p; j++) {
        const char *term = mtp_arena_printf(s->arena, "g_%zu^2 / d_%zu", j + 1, j + 1);

        add_term(&formula, " + ", term ? term : "");
        s->failed = s->failed || !term;
    }
    put(s, name, &formula, figure);
}
