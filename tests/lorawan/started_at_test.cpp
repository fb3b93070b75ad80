#include <gtest/gtest.h>

#include "bytes.hpp"
#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"

namespace tti::lorawan::wire {
namespace {

std::string without(const std::string& hex) {
    const auto message = without_started_at(bytes_of(hex));
    if (!message) return "refused";
    return *message ? hex_of(**message) : "unchanged";
}

TEST(StartedAt, GoesFromBothSessions) {
    const auto before = decode_message(
        "CigKBGRldjESBgoEYXBwMSIIAQIDBAUGBwgqCBESExQVFhcYMgQBAgME0gEsEgQBAgMEGhoKBAECAwQqEgoQABEiM0RVZneImaq7"
        "zN3u/"
        "yAHQgYIgMKv8AXaAQ4SBAECAwVCBgiAwq/wBQ");
    const auto after = without_started_at(before.value());
    EXPECT_EQ(
        encode_message(after.value().value()),
        "CigKBGRldjESBgoEYXBwMSIIAQIDBAUGBwgqCBESExQVFhcYMgQBAgME0gEkEgQBAgMEGhoKBAECAwQqEgoQABEiM0RVZneImaq7"
        "zN3u/yAH2gEGEgQBAgMF");
    EXPECT_FALSE(without_started_at(**after).value().has_value());
}

TEST(StartedAt, UnknownFieldsStayWhereTheyAre) {
    EXPECT_EQ(
        without("c00c2ad2011142060880c2aff0051204010203049806050a0e0a046465763112060a0461707031ca0c03686579"),
        "c00c2ad2010912040102030498060"
        "50a0e0a046465763112060a0461707031ca0c03686579");
}

TEST(StartedAt, IsPresentAlsoWhenItIsEmpty) {
    EXPECT_EQ(without("d20102"
                      "4200"),
              "d20100");
    EXPECT_EQ(without("da0104"
                      "42004200"),
              "da0100");
}

TEST(StartedAt, EveryOccurrenceOfASessionIsLookedAt) {
    EXPECT_EQ(without("d20102"
                      "2007"
                      "d20104"
                      "4200"
                      "2008"
                      "d20102"
                      "4200"),
              "d20102"
              "2007"
              "d20102"
              "2008"
              "d20100");
}

TEST(StartedAt, WhatOnlyLooksLikeItStays) {
    EXPECT_EQ(without(""), "unchanged");
    EXPECT_EQ(without("4200"), "unchanged");  // field 8 of the device itself
    EXPECT_EQ(without("d20102"
                      "4001"),
              "unchanged");                     // field 8 of another type
    EXPECT_EQ(without("d00108"), "unchanged");  // field 26 of another type
    EXPECT_EQ(without("ca0102"
                      "4200"),
              "unchanged");  // MAC state
}

TEST(StartedAt, LengthsAreWrittenAnew) {
    const std::string key = "1a8001" + std::string(256, '0');  // 131 bytes
    EXPECT_EQ(without("d2018501" + key + "4200"), "d2018301" + key);
}

TEST(StartedAt, MalformedMessagesAreRefused) {
    EXPECT_EQ(without("d20103"
                      "4200"),
              "refused");
    EXPECT_EQ(without("d20102"
                      "4201"),
              "refused");
    EXPECT_EQ(without("d20102"
                      "4200"
                      "08"),
              "refused");
}

}  // namespace
}  // namespace tti::lorawan::wire
