<#macro emailLayout>
<!doctype html>
<html lang="${locale.language}" dir="${(ltr)?then('ltr','rtl')}">
<head>
    <meta charset="utf-8">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <style>
        .parley a { color: #087f5b; }
        @media (prefers-color-scheme: dark) {
            .parley { background: #14181d !important; color: #eef1f4 !important; }
            .parley-card { background: #1f252c !important; }
            .parley a { color: #38d9a9; }
            .parley-note { color: #b4bec8 !important; }
        }
    </style>
</head>
<body class="parley" style="margin:0;padding:24px;background:#f1f5f6;color:#16202a;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
    <div style="max-width:560px;margin:0 auto">
        <p style="font-size:24px;font-weight:700;margin:0 0 16px"><span style="display:inline-block;width:28px;height:28px;line-height:28px;border-radius:6px;background:#0b7285;color:#fff;text-align:center;font-size:18px">P</span>&nbsp;Parley</p>
        <div class="parley-card" style="background:#ffffff;border-radius:12px;padding:24px"><#nested></div>
        <p class="parley-note" style="color:#4a5763;font-size:14px">You get this mail because somebody used this address at Parley.</p>
    </div>
</body>
</html>
</#macro>
