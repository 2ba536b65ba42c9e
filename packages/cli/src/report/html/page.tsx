import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import { style } from "./style";

/** A page in one file: it loads nothing from anywhere and runs nothing. `children` is all that stands under the title. */
export function page(title: string, children: ComponentChildren): string {
  const html = render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>\n${html}\n`;
}
