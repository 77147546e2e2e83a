import { callApi, expect, expectAccessible, test } from "./fixtures";

// Two equal purchases on one day, an amount that is none, and a refund.
const csv = `Date,Description,Amount,Payment,Card
2026-10-03,"TIM HORTONS #123, OTTAWA",4.25,,4500********1234
2026-10-03,"TIM HORTONS #123, OTTAWA",4.25,,4500********1234
2026-10-05,FARM BOY #9,abc,,4500********1234
2026-10-07,FARM BOY #9,61.10,,4500********1234
2026-10-09,AMAZON.CA REFUND,,20.00,4500********1234
`;

test("a file is shown before it is taken, two equal purchases stay two, and again it changes nothing", async ({
  signedIn,
  installation,
}) => {
  const choose = async () => {
    await signedIn.goto(`${installation.app.url}/money/import`);
    const file = { name: "october.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
    await signedIn.getByLabel(/Choose a file/).setInputFiles(file);
  };
  await choose();
  const preview = signedIn.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("region", { name: "Problems" })).toContainText("4");
  await expectAccessible(signedIn);
  await preview.getByRole("button", { name: "Import 4 transactions" }).click();
  await expect(signedIn.getByRole("region", { name: "Result" })).toContainText("4 transactions imported");
  await choose();
  await expect(preview).toContainText("Everything in this file is here already.");
  const { body } = await callApi<{ transactions: { amountMinor: number; company: string; category: string }[] }>(
    installation,
    "GET",
    "/api/money/transactions?text=tim",
  );
  expect(body.transactions).toMatchObject([
    { amountMinor: -425, category: "Coffee" },
    { amountMinor: -425, category: "Coffee" },
  ]);
});

test("spending stands on Money with its rows behind it", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/money/transactions`);
  await expect(signedIn.getByRole("main")).toContainText("61.10");
  await expectAccessible(signedIn);
});
