/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *checked(mtp_json *j, json_t *value)
{
    j->failed = j->failed || !value;
    return value;
}

json_t *mtp_json_number(mtp_json *j, double x)
{
    j->unbounded = j->unbounded || isinf(x);
    return checked(j, isfinite(x) ? json_real(x) : json_null());
}

json_t *mtp_json_text(mtp_json *j, const char *text)
{
    return checked(j, text ? json_string_nocheck(text) : json_null());
}

json_t *mtp_json_flag(mtp_json *j, bool flag)
{
    return checked(j, json_boolean(flag));
}

json_t *mtp_json_pair(mtp_json *j, double lower, double upper)
{
    json_t *pair = mtp_json_array(j);

    mtp_json_append(j, pair, mtp_json_number(j, lower));
    mtp_json_append(j, pair, mtp_json_number(j, upper));
    return pair;
}

json_t *mtp_json_typed_number(mtp_json *j, const char *text)
{
    double x;
    bool whole = *text && text[strspn(text, "0123456789")] == '\0';

    if (whole && strlen(text) <= 18) {
        return checked(j, json_integer(strtoll(text, NULL, 10)));
    }
    if (mtp_number_parse(text, strlen(text), &x) != MTP_NUMBER_OK) {
        return mtp_json_text(j, text);
    }
    return mtp_json_number(j, x);
}

json_t *mtp_json_object(mtp_json *j)
{
    return checked(j, json_object());
}

json_t *mtp_json_array(mtp_json *j)
{
    return checked(j, json_array());
}

void mtp_json_put(mtp_json *j, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(object, key, value) != 0) {
        j->failed = true;
    }
}

void mtp_json_append(mtp_json *j, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        j->failed = true;
    }
}

void mtp_json_put_number(mtp_json *j, json_t *object, const char *key, double x)
{
    mtp_json_put(j, object, key, mtp_json_number(j, x));
}

void mtp_json_put_count(mtp_json *j, json_t *object, const char *key, size_t n)
{
    mtp_json_put(j, object, key, checked(j, json_integer((json_int_t)n)));
}

void mtp_json_put_text(mtp_json *j, json_t *object, const char *key, const char *text)
{
    mtp_json_put(j, object, key, mtp_json_text(j, text));
}
