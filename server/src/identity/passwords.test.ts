// Which passwords are refused, and that good ones are not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commonPasswords, refuseWeakPassword } from "./passwords.ts";

const about = ["Ann Owner", "ann.owner@example.com"];

test("what is tried first is refused", () => {
  for (const password of [
    "short",
    "password123",
    "P@ssw0rd2026!",
    "passwordpassword",
    "1234567890",
    "abcdefghij",
    "9876543210",
    "aaaaaaaaaaaa",
    "abababababab",
    "qwertyuiop1",
    "Iloveyou2026",
    "letmein!!!!",
    "monkey-dragon-monkey",
    "ann.owner2026",
    "Ann Owner 99",
    "x".repeat(129),
  ])
    assert.throws(() => refuseWeakPassword(password, about), { code: "PASSWORD_WEAK" }, password);
});

test("long and unlikely is good, whatever it is made of", () => {
  for (const password of [
    "four unlikely grey herons",
    "kz83!vQpa0",
    "почему бы и нет 7",
    "tr4m-lagoon-velvet",
    "كلمة مرور طويلة جدا",
  ])
    assert.doesNotThrow(() => refuseWeakPassword(password, about), password);
});

test("the 3,000 that people choose most are refused, however they are written", () => {
  const list = [...commonPasswords()].slice(0, 3000);
  assert.equal(list.length, 3000);
  for (const password of list) {
    assert.ok(password.length >= 10, `${password} would be refused for its length`);
    for (const one of [password, password.toUpperCase()])
      assert.throws(() => refuseWeakPassword(one, []), { code: "PASSWORD_WEAK" }, one);
  }
});
