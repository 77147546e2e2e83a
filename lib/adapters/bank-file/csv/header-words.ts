export type ColumnRole = "date" | "amount" | "debit" | "credit" | "description" | "account" | "currency";

/**
 * What banks call their columns, without accents and in lower case; what is wanted most stands first. English, French, German,
 * Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Danish, Norwegian, Finnish, Czech, Turkish, Japanese.
 */
export const headerWords: Record<ColumnRole, readonly string[]> = {
  date: words(`
    transaction date, date of transaction, booking date, posting date, posted date, post date, date posted,
    date, started date, completed date, buchungstag, buchungsdatum, buchung, datum, belegdatum, date operation,
    date de l operation, date de transaction, date de comptabilisation, fecha, fecha operacion,
    fecha de operacion, data, data operazione, data contabile, data mov, data movimento, boekdatum,
    transactiedatum, data operacji, data transakcji, data ksiegowania, bokforingsdag, bokforingsdatum,
    transaktionsdag, transaktionsdatum, bogforingsdato, dato, bokforingsdato, kirjauspaiva, paivamaara,
    arvopaiva, datum zauctovani, datum provedeni, tarih, islem tarihi, 日付, 取引日, value date, valutadatum,
    wertstellung, date valeur, date de valeur, fecha valor, data valuta`),
  amount: words(`
    amount, transaction amount, amount eur, amount cad, cad, betrag, betrag eur, umsatz, montant,
    montant de l operation, importe, cantidad, monto, importo, bedrag, bedrag eur, valor, montante, kwota,
    kwota operacji, belopp, belob, belop, summa, maara, maara euroa, castka, objem, tutar, islem tutari, 金額,
    value, sum`),
  debit: words(`
    debit, debit amount, debits, withdrawal, withdrawals, withdrawal amount, money out, paid out, soll,
    lastschrift, belastung, ausgang, debito, cargo, cargos, addebiti, uscite, dare, af, debet, obciazenia,
    uttag, ud, ut av konto, ut, borc, 出金, お支払金額`),
  credit: words(`
    credit, credit amount, credits, deposit, deposits, deposit amount, money in, paid in, haben, gutschrift,
    eingang, credito, abono, abonos, accrediti, entrate, avere, bij, uznania, insattning, ind, inn pa konto,
    inn, alacak, 入金, お預り金額`),
  description: words(`
    payee, merchant, merchant name, partner name, name payee, beneficiary, counterparty,
    beguenstigter zahlungspflichtiger, auftraggeber empfanger, name zahlungsbeteiligter, zahlungsempfanger,
    empfanger, naam omschrijving, naam tegenpartij, tegenpartij, description, description 1,
    transaction description, details, transaction details, libelle, libelle operation, verwendungszweck,
    buchungstext, beschreibung, concepto, descripcion, descrizione, causale, omschrijving, descricao,
    opis operacji, opis, tytul, nadawca odbiorca, text, tekst, beskrivning, rubrik, meddelande, beskrivelse,
    forklaring, saaja maksaja, selitys, popis, nazev protiuctu, aciklama, 摘要, お取引内容, name, memo, narrative,
    reference, particulars`),
  account: words(`
    account, account number, account name, account no, card, card number, konto, kontonummer, auftragskonto,
    iban, iban auftragskonto, compte, numero de compte, cuenta, conto, rekening, rekeningnummer, conta, tili,
    ucet, hesap, 口座`),
  currency: words(`
    currency, currency code, wahrung, waehrung, devise, moneda, divisa, valuta, munt, muntsoort, moeda, waluta,
    valuutta, mena, doviz, 通貨`),
};

/** As the words above are written: `Date d'opération` → `date d operation`. */
export function plainHeader(header: string): string {
  return header
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[øö]/g, "o")
    .replace(/æ/g, "ae")
    .replace(/ł/g, "l")
    .replace(/ı/g, "i")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function words(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}
