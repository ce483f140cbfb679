// The token after # in the address: read once and taken out of the address bar, so that it stays in no history.
import { useEffect, useState } from "react";

export function useHashToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  // The address bar is outside of React.
  useEffect(() => {
    if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return token;
}
