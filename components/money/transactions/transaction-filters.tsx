"use client";

import { Search, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { type TransactionFilter, transactionKinds } from "@/lib/contracts/finance";
import { firstPlace, type ListPlace, listPath } from "../money-address";
import { kindWords } from "../money-text";
import { AmountFilter } from "./amount-filter";
import { ChipMenu } from "./chip-menu";
import { type Preset, PeriodFilter } from "./period-filter";

interface Props {
  filter: TransactionFilter;
  place: ListPlace;
  accounts: readonly { id: string; name: string }[];
  categories: readonly string[];
  currencies: readonly string[];
  presets: readonly Preset[];
  locale: string;
}

const pendingChoices = [
  { value: "true", label: "Pending" },
  { value: "false", label: "Booked" },
];

type Order = Pick<ListPlace, "sort" | "direction">;

/** On phones; a table has its heads for it. */
const sorts = [
  { value: "newest", label: "Newest first", sort: "date", direction: "desc" },
  { value: "oldest", label: "Oldest first", sort: "date", direction: "asc" },
  { value: "in", label: "Most in first", sort: "amount", direction: "desc" },
  { value: "out", label: "Most out first", sort: "amount", direction: "asc" },
  { value: "merchant", label: "By merchant", sort: "merchant", direction: "asc" },
] as const;

const isAt = (one: Order, place: Order) => one.sort === place.sort && one.direction === place.direction;

/** Search and chips. Every choice is an address; the first page of what is found comes next. */
export function TransactionFilters(props: Props) {
  const { filter, place, accounts, categories, currencies, presets, locale } = props;
  const router = useRouter();
  const [isWaiting, start] = useTransition();
  const go = (change: Partial<TransactionFilter>) => {
    const path = listPath({ ...filter, ...change }, { ...place, cursor: null });
    start(() => router.push(path, { scroll: false }));
  };
  const sortBy = ({ sort, direction }: Order) =>
    start(() => router.push(listPath(filter, { sort, direction, cursor: null }), { scroll: false }));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className="mt-5 flex flex-col gap-3">
      <SearchBox
        key={filter.text ?? ""}
        text={filter.text ?? ""}
        isWaiting={isWaiting}
        onSearch={(text) => go({ text })}
      />
      <section aria-label="Filter" className="flex flex-wrap items-center gap-2">
        <PeriodFilter filter={filter} presets={presets} locale={locale} onChoose={go} />
        <ChipMenu
          name="Account"
          value={filter.accountId}
          choices={accounts.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(accountId) => go({ accountId })}
        />
        <ChipMenu
          name="Category"
          value={filter.category}
          choices={categories.map((value) => ({ value, label: value }))}
          onChoose={(category) => go({ category })}
        />
        <ChipMenu
          name="Kind"
          value={filter.kind}
          choices={transactionKinds.map((value) => ({ value, label: kindWords[value] }))}
          onChoose={(kind) => go({ kind: transactionKinds.find((one) => one === kind) })}
        />
        <AmountFilter filter={filter} currencies={currencies} locale={locale} onChoose={go} />
        {currencies.length > 1 && (
          <ChipMenu
            name="Currency"
            value={filter.currency}
            choices={currencies.map((value) => ({ value, label: value }))}
            onChoose={(currency) => go({ currency, minMinor: undefined, maxMinor: undefined })}
          />
        )}
        <ChipMenu
          name="Pending"
          value={filter.isPending === undefined ? undefined : String(filter.isPending)}
          choices={pendingChoices}
          onChoose={(value) => go({ isPending: value === undefined ? undefined : value === "true" })}
        />
        {filter.company !== undefined && (
          <ChipMenu
            name="Merchant"
            value={filter.company}
            choices={[{ value: filter.company, label: filter.company }]}
            onChoose={(company) => go({ company })}
          />
        )}
        <span className="max-w-full md:hidden">
          <ChipMenu
            name="Sort"
            value={sorts.find((one) => isAt(one, place) && !isAt(one, firstPlace))?.value}
            choices={sorts}
            onChoose={(value) => sortBy(sorts.find((one) => one.value === value) ?? firstPlace)}
          />
        </span>
        {isFiltered && (
          <Button asChild variant="ghost" size="sm">
            <Link href={listPath({}, { ...place, cursor: null })} scroll={false}>
              <X aria-hidden className="size-3.5" /> Clear all
            </Link>
          </Button>
        )}
      </section>
    </div>
  );
}

interface SearchProps {
  text: string;
  isWaiting: boolean;
  onSearch: (text: string | undefined) => void;
}

function SearchBox({ text, isWaiting, onSearch }: SearchProps) {
  const [words, setWords] = useState(text);
  // Back and forward change the address without this box.
  useEffect(() => setWords(text), [text]);
  return (
    <search>
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(words.trim() || undefined);
        }}
      >
        <Input
          type="search"
          aria-label="Search transactions"
          placeholder="Search merchants, descriptions and notes"
          maxLength={200}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            // The cross in the box.
            if (event.target.value === "" && text !== "") onSearch(undefined);
          }}
        />
        <Button type="submit" variant="outline" disabled={isWaiting}>
          <Search aria-hidden className="size-4" /> Search
        </Button>
      </form>
    </search>
  );
}
