/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "explain/expr.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    size_t arguments;
    const char *latex;
} functions[MTP_EXPR_FUNCTION_COUNT] = {
#define ROW(id, name, arguments, latex) {name, arguments, latex},
    MTP_EXPR_FUNCTION_LIST(ROW)
#undef ROW
};

const char *mtp_expr_function_name(mtp_expr_function function)
{
    return functions[function].name;
}

const char *mtp_expr_function_latex(mtp_expr_function function)
{
    return functions[function].latex;
}

typedef struct parser {
    mtp_arena *arena;
    const char *at;
    mtp_expr spare; /* what is built when memory is out */
    bool failed;
} parser;

static mtp_expr *parse_sum(parser *p);

static mtp_expr *new_node(parser *p, mtp_expr_kind kind)
{
    mtp_expr *e = MTP_ARENA_NEW(p->arena, mtp_expr);

    if (!e) {
        p->failed = true;
        e = &p->spare;
    }
    e->kind = kind;
    return e;
}

static mtp_expr *binary(parser *p, mtp_expr_kind kind, mtp_expr *left, mtp_expr *right)
{
    mtp_expr *e = new_node(p, kind);

    e->n = 2;
    e->part[0] = left;
    e->part[1] = right;
    return e;
}

/* Skip blanks, and a character if it is the next. */
static bool take(parser *p, char c)
{
    p->at += strspn(p->at, " ");
    if (*p->at != c) {
        return false;
    }
    p->at++;
    p->at += strspn(p->at, " ");
    return true;
}

static size_t name_length(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_");
}

static mtp_expr *parse_number(parser *p)
{
    size_t length = strspn(p->at, "0123456789.");
    mtp_expr *e = new_node(p, MTP_EXPR_NUMBER);
    mtp_number_status read;

    if (p->at[length] == 'e') {
        length += p->at[length + 1] == '-' || p->at[length + 1] == '+' ? 2 : 1;
        length += strspn(p->at + length, "0123456789");
    }
    read = mtp_number_parse(p->at, length, &e->number);
    assert(read == MTP_NUMBER_OK);
    (void)read;
    e->text = mtp_arena_strndup(p->arena, p->at, length);
    p->failed = p->failed || !e->text;
    p->at += length;
    return e;
}

static void parse_arguments(parser *p, mtp_expr *call)
{
    mtp_expr *part[MTP_EXPR_PARTS];
    size_t n = 0;
    bool closed;

    do {
        assert(n < MTP_EXPR_PARTS);
        part[n++] = parse_sum(p);
    } while (take(p, ','));
    closed = take(p, ')');
    assert(closed);
    (void)closed;
    memcpy(call->part, part, n * sizeof *part);
    call->n = n;
}

static mtp_expr *parse_call(parser *p, const char *name, size_t length)
{
    bool members = length == 5 && strncmp(name, "sum_g", 5) == 0;
    mtp_expr *e = new_node(p, members ? MTP_EXPR_MEMBERS : MTP_EXPR_SUM);
    int f = 0;

    if (!members && (length != 3 || strncmp(name, "sum", 3) != 0)) {
        while (f < MTP_EXPR_FUNCTION_COUNT &&
               (strlen(functions[f].name) != length ||
                strncmp(functions[f].name, name, length) != 0)) {
            f++;
        }
        assert(f < MTP_EXPR_FUNCTION_COUNT);
        e->kind = MTP_EXPR_CALL;
        e->function = (mtp_expr_function)f;
    }
    parse_arguments(p, e);
    assert(p->failed || e->kind != MTP_EXPR_CALL || e->n == functions[f].arguments);
    return e;
}

static mtp_expr *parse_atom(parser *p)
{
    const char *name = p->at + strspn(p->at, " ");
    size_t length;
    mtp_expr *e;

    p->at = name;
    if (take(p, '(')) {
        bool closed;

        e = parse_sum(p);
        closed = take(p, ')');
        assert(closed);
        (void)closed;
        return e;
    }
    if (strchr("0123456789.", *p->at) && *p->at) {
        return parse_number(p);
    }
    length = name_length(name);
    assert(length > 0);
    p->at += length;
    if (take(p, '(')) {
        return parse_call(p, name, length);
    }
    e = new_node(p, MTP_EXPR_SYMBOL);
    e->text = mtp_arena_strndup(p->arena, name, length);
    p->failed = p->failed || !e->text;
    return e;
}

static mtp_expr *parse_unary(parser *p)
{
    mtp_expr *e;

    if (take(p, '-')) {
        e = new_node(p, MTP_EXPR_NEGATE);
        e->n = 1;
        e->part[0] = parse_unary(p);
        return e;
    }
    e = parse_atom(p);
    return take(p, '^') ? binary(p, MTP_EXPR_POWER, e, parse_unary(p)) : e;
}

static mtp_expr *parse_product(parser *p)
{
    mtp_expr *e = parse_unary(p);

    for (;;) {
        if (take(p, '*')) {
            e = binary(p, MTP_EXPR_MULTIPLY, e, parse_unary(p));
        } else if (take(p, '/')) {
            e = binary(p, MTP_EXPR_DIVIDE, e, parse_unary(p));
        } else {
            return e;
        }
    }
}

static mtp_expr *parse_sum(parser *p)
{
    mtp_expr *e = parse_product(p);

    for (;;) {
        if (take(p, '+')) {
            e = binary(p, MTP_EXPR_ADD, e, parse_product(p));
        } else if (take(p, '-')) {
            e = binary(p, MTP_EXPR_SUBTRACT, e, parse_product(p));
        } else {
            return e;
        }
    }
}

mtp_expr *mtp_expr_parse(mtp_arena *arena, const char *text)
{
    parser p = {.arena = arena, .at = text};
    mtp_expr *e = text ? parse_sum(&p) : NULL;

    assert(!e || p.failed || *p.at == '\0');
    return p.failed ? NULL : e;
}

bool mtp_expr_is_leaf(const mtp_expr *e)
{
    return e->kind == MTP_EXPR_SYMBOL || e->kind == MTP_EXPR_SUM ||
           e->kind == MTP_EXPR_MEMBERS;
}

size_t mtp_expr_leaves(const mtp_expr *e)
{
    size_t count = 0;

    if (mtp_expr_is_leaf(e)) {
        return 1;
    }
    for (size_t i = 0; i < e->n; i++) {
        count += mtp_expr_leaves(e->part[i]);
    }
    return count;
}
