window.SwaggerUIBundle({
  url: '/openapi',
  dom_id: '#reader',
  deepLinking: true,
  docExpansion: 'none',
  persistAuthorization: false,
  requestInterceptor: (request) => {
    request.headers['X-Parley-CSRF'] = '1';
    return request;
  },
});
