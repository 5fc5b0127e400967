/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms and variables of a formula by what a person calls them. */
#include "core/error.h"
#include "core/nearest.h"
#include "core/strbuf.h"
#include "design/formula.h"

#include <string.h>

/* "'a', 'b', 'c'", cut after a dozen. */
static void add_names(mtp_strbuf *b, size_t n, const char *const name[])
{
    enum { MOST = 12 };

    for (size_t i = 0; i < n && i < MOST; i++) {
        mtp_strbuf_printf(b, "%s'%s'", i ? ", " : "", name[i]);
    }
    if (n > MOST) {
        mtp_strbuf_printf(b, " and %zu more", n - MOST);
    }
}

mtp_status mtp_fail_names(mtp_error *err, const char *typed, const char *what, size_t n,
                          const char *const name[])
{
    size_t nearest = mtp_nearest_name(typed, n, name);
    mtp_strbuf b;
    mtp_status status;

    mtp_strbuf_init(&b);
    add_names(&b, n, name);
    if (b.failed) {
        status = mtp_fail_nomem(err);
    } else if (nearest < n) {
        status =
            mtp_fail(err, MTP_E_ARG, "'%s' is no %s; did you mean '%s'? there %s %s",
                     typed, what, name[nearest], n == 1 ? "is" : "are", b.text);
    } else {
        status = mtp_fail(err, MTP_E_ARG, "'%s' is no %s; there %s %s", typed, what,
                          n == 1 ? "is" : "are", n == 0 ? "none" : b.text);
    }
    mtp_strbuf_free(&b);
    return status;
}

/* The term whose leaves these are, or n_terms. */
static size_t term_with(const mtp_formula *f, mtp_leaf_set set)
{
    for (size_t t = 0; t < f->n_terms; t++) {
        mtp_leaf_set its = 0;

        for (size_t j = 0; j < f->term[t].n_leaves; j++) {
            its |= (mtp_leaf_set)1 << f->term[t].leaf[j];
        }
        if (its == set) {
            return t;
        }
    }
    return f->n_terms;
}

/* A leaf of the formula like one that was read elsewhere, or n_leaves. */
static size_t leaf_like(const mtp_formula *f, const mtp_formula_reader *r, size_t i)
{
    const char *variable = r->variable[r->leaf[i].variable];
    size_t j = 0;

    while (j < f->n_leaves &&
           !mtp_same_leaf(&f->leaf[j], f->variable[f->leaf[j].variable], &r->leaf[i],
                          variable)) {
        j++;
    }
    return j;
}

/* Read text as leaves joined by ':'; the set of the formula's leaves, or 0. */
static mtp_status read_as_term(const mtp_formula *f, mtp_arena *scratch,
                               const char *text, mtp_leaf_set *set)
{
    mtp_formula_reader r;
    mtp_error ignored;
    mtp_leaf_set read = 0;
    mtp_status status = mtp_reader_start(&r, scratch, text, &ignored);

    *set = 0;
    if (status == MTP_OK) {
        status = mtp_read_product(&r, &read);
    }
    if (status != MTP_OK || r.word.type != MTP_WORD_END) {
        return status == MTP_E_NOMEM ? status : MTP_OK;
    }
    for (size_t i = 0; i < r.n_leaves; i++) {
        size_t leaf = leaf_like(f, &r, i);

        if (leaf == f->n_leaves) {
            *set = 0;
            return MTP_OK;
        }
        *set |= (mtp_leaf_set)1 << leaf;
    }
    return MTP_OK;
}

/* As read_as_term, with memory of its own. */
static mtp_status read_set(const mtp_formula *f, const char *text, mtp_leaf_set *set)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_status status = scratch ? read_as_term(f, scratch, text, set) : MTP_E_NOMEM;

    mtp_arena_free(scratch);
    return status;
}

/* The term called so, or n_terms; MTP_E_NOMEM alone is a failure. */
static mtp_status look_for_term(const mtp_formula *f, const char *text, size_t *term)
{
    mtp_leaf_set set = 0;
    mtp_status status;
    size_t t = 0;

    while (t < f->n_terms && strcmp(f->term[t].name, text) != 0) {
        t++;
    }
    *term = t;
    if (t < f->n_terms) {
        return MTP_OK;
    }
    status = read_set(f, text, &set);
    if (set) {
        *term = term_with(f, set);
    }
    for (t = 0; *term == f->n_terms && t < f->n_terms; t++) {
        *term = mtp_same_characters(f->term[t].name, text) ? t : *term;
    }
    return status;
}

/* The variable called so, or n_variables. */
static mtp_status look_for_variable(const mtp_formula *f, const char *text,
                                    size_t *variable)
{
    mtp_leaf_set set = 0;
    mtp_status status;

    *variable = f->n_variables;
    for (size_t v = 0; v < f->n_variables; v++) {
        if (mtp_same_variable(f->variable[v], text)) {
            *variable = v;
            return MTP_OK;
        }
    }
    status = read_set(f, text, &set);
    for (size_t i = 0; i < f->n_leaves; i++) {
        if (set == (mtp_leaf_set)1 << i) {
            *variable = f->leaf[i].variable;
        }
    }
    for (size_t v = 0; *variable == f->n_variables && v < f->n_variables; v++) {
        *variable = mtp_same_characters(f->variable[v], text) ? v : *variable;
    }
    return status;
}

mtp_status mtp_formula_find_term(const mtp_formula *formula, const char *text,
                                 size_t *term, mtp_error *err)
{
    const char *name[MTP_FORMULA_TERMS];
    size_t found = formula->n_terms;

    if (look_for_term(formula, text, &found) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    if (found == formula->n_terms) {
        for (size_t t = 0; t < formula->n_terms; t++) {
            name[t] = formula->term[t].name;
        }
        return mtp_fail_names(err, text, "term of the formula", formula->n_terms, name);
    }
    *term = found;
    return MTP_OK;
}

mtp_status mtp_formula_find_variable(const mtp_formula *formula, const char *text,
                                     size_t *variable, mtp_error *err)
{
    size_t found;

    if (look_for_variable(formula, text, &found) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    if (found == formula->n_variables) {
        return mtp_fail_names(err, text, "variable of the formula",
                              formula->n_variables, formula->variable);
    }
    *variable = found;
    return MTP_OK;
}
