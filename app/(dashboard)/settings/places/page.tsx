import type { Metadata } from "next";
import { PlaceList } from "@/components/settings/place-list";
import { ProfileForm } from "@/components/settings/profile-form";
import { requireViewer } from "@/lib/auth/viewer";
import { listPlaces } from "@/lib/db/places";
import { getProfile } from "@/lib/db/profile";

export const metadata: Metadata = { title: "Places & profile" };

export default async function PlacesPage() {
  const viewer = await requireViewer();
  const [profile, places] = await Promise.all([getProfile(viewer), listPlaces(viewer)]);
  return (
    <>
      <ProfileForm profile={profile} machineZone={Intl.DateTimeFormat().resolvedOptions().timeZone} />
      <PlaceList places={places} />
    </>
  );
}
