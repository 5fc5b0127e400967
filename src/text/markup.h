/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEXT_MARKUP_H
#define MTP_TEXT_MARKUP_H

#include "core/strbuf.h"

/** Add text to XML or HTML as text, in an element or between the double quotes of an
 *  attribute. Bytes that are not UTF-8, and what XML 1.0 forbids, become U+FFFD. */
void mtp_markup_add(mtp_strbuf *out, const char *text);

#endif
