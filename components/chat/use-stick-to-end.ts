"use client";

import { useCallback, useLayoutEffect, useRef, useState } from "react";

// How far from the end still counts as being there: a line or two.
const nearPx = 64;

/** Keeps a scrolling element at its end while its content grows, but only when the person is there already. */
export function useStickToEnd() {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isSticking = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const goToEnd = useCallback(() => {
    isSticking.current = true;
    setAtEnd(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  /** The content is about to change under the person's hands: what they look at stays where it is. */
  const stay = useCallback(() => {
    isSticking.current = false;
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    element.scrollTop = element.scrollHeight;
    let top = element.scrollTop;
    const onScroll = () => {
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      // Content that grew between our own scrolling and this event also leaves the end out of sight: only somebody who scrolls
      // up wants to stay where they are.
      if (isNear) isSticking.current = true;
      else if (element.scrollTop < top) isSticking.current = false;
      top = element.scrollTop;
      setAtEnd(isSticking.current);
    };
    const observer = new ResizeObserver(() => {
      if (isSticking.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content.current);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);

  return { scroller, content, isAtEnd, goToEnd, stay };
}
