/** A copy of the drawing in this browser, until the server has it. */
export class Keep {
  constructor(key) {
    this.key = `wuji-studio:${key}`;
  }

  put(xml) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ xml, at: new Date().toISOString() }));
      return true;
    } catch {
      // Private windows and full stores refuse; the page then does not claim to have kept anything.
      return false;
    }
  }

  get() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  drop() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept, so nothing needs to go.
    }
  }
}
