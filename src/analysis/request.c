/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request: options of a command that were given, each checked and in canonical form.
 */
#include "analysis/options.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

mtp_status mtp_request_new(mtp_command command, mtp_request **request, mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_request *r = arena ? MTP_ARENA_NEW(arena, mtp_request) : NULL;

    if (!r) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    r->arena = arena;
    r->command = command;
    *request = r;
    return MTP_OK;
}

void mtp_request_free(mtp_request *request)
{
    if (request) {
        mtp_arena_free(request->arena);
    }
}

const char *mtp_request_value(const mtp_request *request, mtp_option_index index)
{
    return request->given[index] ? request->given[index]
                                 : mtp_option_get(index)->fallback;
}

const char *mtp_request_get(const mtp_request *request, const char *option)
{
    mtp_option_index index = mtp_option_find(request->command, option);

    return index < MTP_OPT_COUNT ? mtp_request_value(request, index) : NULL;
}

/* The end of a list of choices; `given` is a method's name, but nothing to type. */
static bool list_ends(const char *at)
{
    return *at == '\0' || strcmp(at, "given|") == 0;
}

/* "a, b or c" from "a|b|c|". */
static const char *list_choices(mtp_arena *arena, const char *choices)
{
    const char *text = "";

    for (const char *at = choices; !list_ends(at);) {
        size_t length = strcspn(at, "|");
        const char *joint = at == choices                ? ""
                            : list_ends(at + length + 1) ? " or "
                                                         : ", ";

        text = mtp_arena_printf(arena, "%s%s%.*s", text, joint, (int)length, at);
        if (!text) {
            return "";
        }
        at += length + 1;
    }
    return text;
}

static mtp_status bad_choice(mtp_request *request, const mtp_option_info *option,
                             const char *value, mtp_error *err)
{
    const char *number =
        option->kind == MTP_VALUE_CHOICE_OR_NUMBER ? ", or a number" : "";

    return mtp_fail(err, MTP_E_ARG, "--%s %s: not known; give %s%s", option->name,
                    value, list_choices(request->arena, option->choices), number);
}

static mtp_status check_number(const mtp_option_info *option, const char *value,
                               bool whole, mtp_error *err)
{
    double number;
    char low[MTP_NUMBER_TEXT], high[MTP_NUMBER_TEXT];

    if (mtp_number_parse(value, strlen(value), &number) != MTP_NUMBER_OK) {
        return mtp_fail(err, MTP_E_ARG, "--%s %s: not a number", option->name, value);
    }
    if (!(number >= option->low && number <= option->high)) {
        mtp_number_format(option->low, low);
        mtp_number_format(option->high, high);
        return mtp_fail(err, MTP_E_ARG,
                        "--%s %s: out of range; give a number from %s to %s",
                        option->name, value, low, high);
    }
    if (whole && number != (double)(long long)number) {
        return mtp_fail(err, MTP_E_ARG, "--%s %s: not a whole number", option->name,
                        value);
    }
    return MTP_OK;
}

/* The canonical text of a value in *canonical. */
static mtp_status check_value(mtp_request *request, mtp_option_index index,
                              const char *value, const char **canonical, mtp_error *err)
{
    const mtp_option_info *option = mtp_option_get(index);
    bool choices =
        option->kind == MTP_VALUE_CHOICE || option->kind == MTP_VALUE_CHOICE_OR_NUMBER;
    mtp_status status = MTP_OK;
    size_t length = strlen(value);
    const char *text = value, *choice;
    int which;

    choice = choices ? mtp_option_find_choice(option->choices, value, &which, &length)
                     : NULL;
    if (option->kind == MTP_VALUE_FLAG) {
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
            return mtp_fail(err, MTP_E_ARG, "--%s %s: give true or false", option->name,
                            value);
        }
    } else if (choice) {
        text = choice;
    } else if (option->kind == MTP_VALUE_CHOICE) {
        return bad_choice(request, option, value, err);
    } else if (option->kind == MTP_VALUE_CHOICE_OR_NUMBER) {
        double number;

        length = strlen(value);
        if (mtp_number_parse(value, length, &number) != MTP_NUMBER_OK) {
            return bad_choice(request, option, value, err);
        }
        status = check_number(option, value,
                              index == MTP_OPT_NODES || index == MTP_OPT_PERMUTE, err);
    } else if (option->kind == MTP_VALUE_NUMBER || option->kind == MTP_VALUE_WHOLE) {
        status = check_number(option, value, option->kind == MTP_VALUE_WHOLE, err);
    } else if (value[strspn(value, " \t\n")] == '\0') {
        return mtp_fail(err, MTP_E_ARG, "--%s needs a value", option->name);
    } else if (option->kind == MTP_VALUE_LIST && strchr(value, MTP_LIST_MARK)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--%s: a value has one line; give the option once for each",
                        option->name);
    }
    *canonical = mtp_arena_strndup(request->arena, text, length);
    if (status == MTP_OK && !*canonical) {
        return mtp_fail_nomem(err);
    }
    return status;
}

/* Whether `list` has the value among its lines. */
static bool in_list(const char *list, const char *value)
{
    size_t length = strlen(value);

    for (const char *at = list; at; at = strchr(at, MTP_LIST_MARK)) {
        at += *at == MTP_LIST_MARK;
        if (strncmp(at, value, length) == 0 &&
            (at[length] == MTP_LIST_MARK || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* A value beside those that a repeatable option has. */
static mtp_status append(mtp_request *request, mtp_option_index index,
                         const char *value, mtp_error *err)
{
    const char *before = request->given[index];
    char *joined;

    if (before && in_list(before, value)) {
        return MTP_OK;
    }
    joined = before ? mtp_arena_printf(request->arena, "%s%c%s", before, MTP_LIST_MARK,
                                       value)
                    : mtp_arena_strdup(request->arena, value);
    if (!joined) {
        return mtp_fail_nomem(err);
    }
    request->given[index] = joined;
    return MTP_OK;
}

mtp_status mtp_request_set(mtp_request *request, const char *option, const char *value,
                           mtp_error *err)
{
    mtp_option_index index = mtp_option_find(request->command, option);
    const char *canonical = NULL;
    mtp_status status;

    if (index == MTP_OPT_COUNT ||
        !(mtp_option_get(index)->commands & (unsigned)request->command)) {
        const char *near = mtp_option_nearest(request->command, option);
        const char *way = mtp_option_advice(request->command, option);

        if (way) {
            return mtp_fail(err, MTP_E_ARG, "this command has no option --%s: %s",
                            option, way);
        }
        return mtp_fail(err, MTP_E_ARG, "this command has no option --%s%s%s%s", option,
                        near ? "; did you mean --" : "", near ? near : "",
                        near ? "?" : "");
    }
    status = check_value(request, index, value, &canonical, err);
    if (status == MTP_OK && mtp_option_get(index)->kind == MTP_VALUE_LIST) {
        return append(request, index, canonical, err);
    }
    if (status == MTP_OK) {
        request->given[index] = canonical;
    }
    return status;
}

bool mtp_request_has(const mtp_request *r, mtp_option_index index)
{
    return r->given[index] != NULL;
}

double mtp_request_number(const mtp_request *r, mtp_option_index index)
{
    const char *text = mtp_request_value(r, index);
    double value = (double)NAN;

    if (text) {
        (void)mtp_number_parse(text, strlen(text), &value);
    }
    return value;
}

int mtp_request_choice(const mtp_request *r, mtp_option_index index)
{
    return mtp_option_choice(index, mtp_request_value(r, index));
}
