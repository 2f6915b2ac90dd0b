"""By which prefixes of variables do frameworks put a value into the page that they send to browsers?"""

# Prefixes by which a framework puts a variable into the page that it sends to browsers.
PUBLIC_PREFIXES: dict[str, str] = {
    "NEXT_PUBLIC_": "https://nextjs.org/docs/app/guides/environment-variables",
    "VITE_": "https://vite.dev/guide/env-and-mode",
    "REACT_APP_": "https://create-react-app.dev/docs/adding-custom-environment-variables/",
    "VUE_APP_": "https://cli.vuejs.org/guide/mode-and-env.html",
    "NUXT_PUBLIC_": "https://nuxt.com/docs/guide/going-further/runtime-config",
    "NUXT_ENV_": "https://v2.nuxt.com/docs/configuration-glossary/configuration-env/",
    "GATSBY_": "https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/",
    "EXPO_PUBLIC_": "https://docs.expo.dev/guides/environment-variables/",
    "PUBLIC_": (
        "https://svelte.dev/docs/kit/$env-static-public and https://docs.astro.build/en/guides/environment-variables/"
    ),
    "NG_APP_": "https://github.com/chihab/ngx-env",
    "STORYBOOK_": "https://storybook.js.org/docs/configure/environment-variables",
    "RAZZLE_": "https://razzlejs.org/docs/environment-variables",
    "SNOWPACK_PUBLIC_": "https://www.snowpack.dev/reference/environment-variables",
    "PLASMO_PUBLIC_": "https://docs.plasmo.com/framework/env",
    "MIX_": "https://laravel-mix.com/docs/6.0/environment-variables",
    "NX_PUBLIC_": "https://nx.dev/recipes/tips-n-tricks/define-environment-variables",
    "BUN_PUBLIC_": "https://bun.sh/docs/bundler/fullstack",
    "PREACT_APP_": "https://github.com/preactjs/preact-cli#using-environment-variables",
    "TARO_APP_": "https://docs.taro.zone/docs/env-mode-config",
    "UMI_APP_": "https://umijs.org/docs/guides/env-variables",
    "ELM_APP_": "https://github.com/halfzebra/create-elm-app/blob/master/template/README.md",
    "REDWOOD_ENV_": "https://docs.redwoodjs.com/docs/environment-variables",
}
